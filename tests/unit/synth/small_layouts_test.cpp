// SPDX-License-Identifier: Apache-2.0
// The small layouts as planned, and as the data room reads them.
#include <map>
#include <set>

#include "ferv/base/files.h"
#include "ferv/data/data_set.h"
#include "layout_plan.h"
#include "matchers.h"

namespace ferv::synth {
namespace {

using testing::HasSubstr;

SynthOptions of_layout(const char* name, int clips = 0) {
  SynthOptions options;
  options.layout = name;
  options.clips = clips;
  return options;
}

constexpr const char* kSmall[] = {"mafw", "afew", "caer", "crema-d", "ravdess", "csv", "folders", "lists"};

LayoutPlan plan_of(const SynthOptions& options) {
  for (const Layout& layout : other_layouts()) {
    if (layout.name == options.layout) return layout.plan(options);
  }
  ADD_FAILURE() << options.layout;
  return {};
}

TEST(SmallLayouts, HaveEachFolderOnceAndBothSplits) {
  for (const char* name : kSmall) {
    const LayoutPlan plan = plan_of(of_layout(name));
    std::set<std::string> paths;
    for (const PlannedFolders& clip : plan.clips) {
      ASSERT_EQ(clip.folders.size(), 1U);
      EXPECT_TRUE(paths.insert(clip.folders[0].path).second) << clip.folders[0].path;
      EXPECT_GE(clip.folders[0].names.size(), 8U);
    }
    EXPECT_EQ(plan.summary.train_clips + plan.summary.test_clips, plan.clips.size()) << name;
    EXPECT_GT(plan.summary.train_clips, 0U) << name;
    EXPECT_GT(plan.summary.test_clips, 0U) << name;
  }
}

/// The lists, and folders without pictures.
void write_without_pictures(const LayoutPlan& plan, const std::filesystem::path& root) {
  for (const PlannedFolders& clip : plan.clips) {
    for (const PictureFolder& folder : clip.folders) std::filesystem::create_directories(root / folder.path);
  }
  for (const ListFile& list : plan.lists) write_file_atomically(root / list.path, list.text);
}

TEST(SmallLayouts, AreReadBackWithEachClipOnce) {
  for (const char* name : {"dfew", "mafw", "afew", "caer", "crema-d", "ravdess", "csv", "folders", "lists"}) {
    const test::TemporaryFolder folder;
    const LayoutPlan plan = plan_of(of_layout(name));
    write_without_pictures(plan, folder.path());
    data::DataSetOptions options{.scan_frames = false};
    const std::set<std::string> told = {"csv", "folders", "lists"};
    if (told.contains(name)) options.layout = name;
    if (options.layout == "lists") {
      options.train_list = folder / "train.txt";
      options.test_list = folder / "test.txt";
    }
    const data::ClipIndex index = data::read_data_set(folder.path(), options);
    EXPECT_EQ(index.layout, name);
    EXPECT_EQ(index.clips.size(), plan.clips.size()) << name;
    EXPECT_EQ(data::clips_of(index, data::Split::kTest).size(), plan.summary.test_clips) << name;
    std::set<int> labels;
    for (const data::Clip& clip : index.clips) {
      labels.insert(clip.label);
      EXPECT_TRUE(std::filesystem::is_directory(index.face_folder / clip.id)) << clip.id;
    }
    EXPECT_EQ(labels.size(), index.classes.size()) << name;
  }
}

TEST(SmallLayouts, AreTheSameForTheSameSeed) {
  for (const char* name : kSmall) {
    const LayoutPlan one = plan_of(of_layout(name));
    const LayoutPlan two = plan_of(of_layout(name));
    ASSERT_EQ(one.lists.size(), two.lists.size());
    for (std::size_t i = 0; i < one.lists.size(); ++i)
      EXPECT_EQ(one.lists[i].text, two.lists[i].text) << name;
  }
}

TEST(SmallLayouts, ShowNobodyUnderTwoActorsOfCremaD) {
  std::map<std::uint64_t, std::string> actor_of;
  for (const PlannedFolders& clip : plan_of(of_layout("crema-d")).clips) {
    const std::string actor = clip.folders[0].path.substr(7, 4);
    EXPECT_EQ(actor_of.emplace(clip.shots[0].recipe.identity_seed, actor).first->second, actor);
  }
}

TEST(SmallLayouts, RefuseFewerClipsThanTheyHavePartsAndClasses) {
  test::expect_error(ErrorKind::kInvalidArgument, HasSubstr("wanted 55"),
                     [] { (void)plan_mafw(of_layout("mafw", 54)); });
  test::expect_error(ErrorKind::kInvalidArgument, HasSubstr("at most 100"),
                     [] { (void)plan_ravdess(of_layout("ravdess", 101)); });
}

}  // namespace
}  // namespace ferv::synth
