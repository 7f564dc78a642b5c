// SPDX-License-Identifier: Apache-2.0
#include "ferv/data/face_loader.h"

#include <numeric>

#include "matchers.h"
#include "tiny_faces.h"

namespace ferv::data {
namespace {

using testing::HasSubstr;

struct Faces {
  test::TemporaryFolder folder;
  FaceSet set;
  std::vector<std::size_t> positions;

  Faces() {
    test::write_tiny_faces(folder.path(), {"a", "b", "c"}, 5);
    set = read_face_set(folder.path());
    positions.resize(set.faces.size());
    std::iota(positions.begin(), positions.end(), std::size_t{0});
  }
};

FaceLoaderOptions training_options(int threads) {
  FaceLoaderOptions options;
  options.size_px = 24;
  options.training = true;
  options.batch_size = 4;
  options.seed = 9;
  options.threads = threads;
  return options;
}

std::vector<FaceBatch> batches(FaceLoader& loader, std::uint64_t epoch, std::size_t first = 0) {
  std::vector<FaceBatch> list;
  loader.start_epoch(epoch, first);
  while (const FaceBatch* batch = loader.next()) list.push_back(*batch);
  return list;
}

TEST(FaceLoader, GivesTheSameBatchesForAnyThreadCountAndFromAnyBatchOn) {
  const Faces faces;
  FaceLoader one(faces.set, faces.positions, training_options(1));
  FaceLoader three(faces.set, faces.positions, training_options(3));
  const auto wanted = batches(one, 2);
  const auto found = batches(three, 2);
  ASSERT_EQ(wanted.size(), 4U);
  ASSERT_EQ(found.size(), 4U);
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(found[i].pixels, wanted[i].pixels) << i;
    EXPECT_EQ(found[i].labels, wanted[i].labels) << i;
  }
  const auto later = batches(one, 2, 2);
  ASSERT_EQ(later.size(), 2U);
  EXPECT_EQ(later[0].pixels, wanted[2].pixels);
  EXPECT_EQ(later[0].number, 2U);
  EXPECT_NE(batches(one, 3)[0].positions, wanted[0].positions) << "another epoch has another order";
}

TEST(FaceLoader, ShowsTheCentreWhenItDoesNotTrain) {
  const Faces faces;
  FaceLoaderOptions options;
  options.size_px = 16;
  options.crop = 0.5;
  FaceLoader loader(faces.set, faces.positions, options);
  const auto list = batches(loader, 0);
  ASSERT_EQ(list.size(), 1U);
  const media::Image wanted = media::crop_and_resize(FaceReader(faces.set).read(0), {8, 8, 16, 16}, 16, 16);
  EXPECT_TRUE(std::equal(wanted.pixels.begin(), wanted.pixels.end(), list[0].pixels.begin()));
  EXPECT_EQ(list[0].positions, faces.positions);
}

TEST(FaceLoader, NamesOrSkipsWhatCannotBeRead) {
  const Faces faces;
  write_file_atomically(faces.folder / "b/p0_0001.jpg", std::string_view("\xff\xd8 no more"));
  FaceLoaderOptions options;
  options.size_px = 16;
  options.batch_size = 10;
  FaceLoader strict(faces.set, faces.positions, options);
  strict.start_epoch(0);
  test::expect_error(ErrorKind::kCorruptData, HasSubstr("b/p0_0001.jpg"), [&] { (void)strict.next(); });
  options.bad_data = "skip";
  FaceLoader lenient(faces.set, faces.positions, options);
  const auto list = batches(lenient, 0);
  ASSERT_EQ(list.size(), 2U);
  EXPECT_EQ(list[0].size(), 9U);
  EXPECT_EQ(list[0].labels[5], 1) << "what follows moves up";
  EXPECT_EQ(lenient.bad_faces().size(), 1U);
}

TEST(FaceLoader, MayEndInMidEpoch) {
  const Faces faces;
  FaceLoader loader(faces.set, faces.positions, training_options(2));
  EXPECT_EQ(loader.next(), nullptr) << "no epoch was started";
  loader.start_epoch(0);
  EXPECT_NE(loader.next(), nullptr);
  loader.start_epoch(1);
  EXPECT_NE(loader.next(), nullptr);
}

}  // namespace
}  // namespace ferv::data
