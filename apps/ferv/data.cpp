// SPDX-License-Identifier: Apache-2.0
// ferv data: what is in a data set, what is wrong with it, how it is split, what a model sees of it.
#include <fmt/format.h>

#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <numeric>

#include "data_commands.h"
#include "data_set_arguments.h"
#include "ferv/base/files.h"
#include "ferv/data/labels.h"
#include "ferv/data/splits.h"
#include "ferv/data/statistics.h"
#include "thread_arguments.h"

namespace ferv::app {
namespace {

constexpr data::Split kSplits[] = {data::Split::kTrain, data::Split::kValidation, data::Split::kTest};

constexpr const char* kLayoutsText =
    "Layouts, told by their folders and lists:\n"
    "  ferv39k  2_ClipsforFaceCrop/<Scene>/<Emotion>/<NNNN>, 4_setups (--setup)\n"
    "  dfew     Clip/clip_224x224, EmoLabel_DataSplit (--fold 1 to 5, --clips-of 16f)\n"
    "  mafw     data/faces or data/frames, \"Train & Test Set\" (--fold 1 to 5)\n"
    "  afew     {train,validation}/<Emotion>/<clip>; validation is tested on\n"
    "  caer     {train,validation,test}/<Emotion>/<clip>\n"
    "  crema-d  <actor>_<sentence>_<EMO>_<level> (--fold 1 to 5)\n"
    "  ravdess  Actor_NN/MM-CC-EE-II-SS-RR-AA (--fold 1 to 6)\n"
    "Layouts that must be named by --layout:\n"
    "  csv      clips.csv with columns clip, label and if wanted split, subject\n"
    "  folders  <class>/<clip> or {train,val,test}/<class>/<clip>\n"
    "  lists    --train-list, --test-list: `path frames label` or `path,label`\n"
    "Example: ferv data stats FERV39k";

/// What every subcommand knows.
struct DataArguments {
  std::string folder;
  data::DataSetOptions data_set;
  bool json = false;
};

void add_folder(CLI::App& command, DataArguments& arguments) {
  command.add_option("folder", arguments.folder, "a data set, or a folder that holds one")->required();
  add_data_set_options(command, arguments.data_set);
  add_threads_option(command, arguments.data_set.threads);
}

/// Frames are scanned where the face crops are there; lists alone can be counted too.
data::ClipIndex read_index(const DataArguments& arguments, bool frames_wanted) {
  data::DataSetOptions options = arguments.data_set;
  if (!frames_wanted) {
    options.scan_frames = false;
    data::ClipIndex index = data::read_data_set(arguments.folder, options);
    if (index.face_folder.empty() || index.clips_are_films) return index;
    options.scan_frames = true;
  }
  return data::read_data_set(arguments.folder, options);
}

std::int64_t sum(const std::vector<std::int64_t>& values) {
  return std::accumulate(values.begin(), values.end(), std::int64_t{0});
}

std::string index_csv(const data::ClipIndex& index) {
  std::string text = "clip,label,scene,scenario,split,frames\n";
  for (const data::Clip& clip : index.clips) {
    const std::string_view scene = data::scene_of(clip);
    text += fmt::format("{},{},{},{},{},{}\n", clip.id, index.classes[static_cast<std::size_t>(clip.label)],
                        scene, data::scenario_of(scene), data::to_string(clip.split), clip.frame_count);
  }
  return text;
}

std::string index_json(const data::ClipIndex& index) {
  std::map<std::string, std::int64_t> splits;
  for (const data::Clip& clip : index.clips) ++splits[std::string(data::to_string(clip.split))];
  const nlohmann::ordered_json json = {{"layout", index.layout},
                                       {"root", index.root.string()},
                                       {"face_folder", index.face_folder.string()},
                                       {"scene_folder", index.scene_folder.string()},
                                       {"classes", index.classes},
                                       {"clips", index.clips.size()},
                                       {"splits", splits},
                                       {"fingerprint", data::fingerprint(index)}};
  return json.dump(2) + "\n";
}

void add_index(CLI::App& parent) {
  struct Arguments : DataArguments {
    std::string out;
  };
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* command =
      parent.add_subcommand("index", "List all clips as CSV: clip, label, scene, scenario, split, frames");
  add_folder(*command, *arguments);
  command->add_flag("--json", arguments->json, "a summary for machines instead");
  command->add_option("--out", arguments->out, "file to write the CSV to instead of stdout");
  command->footer("Example: ferv data index FERV39k --out clips.csv");
  command->callback([arguments] {
    const data::ClipIndex index = read_index(*arguments, false);
    if (!arguments->out.empty()) write_file_atomically(arguments->out, index_csv(index));
    if (arguments->json) print(index_json(index));
    if (!arguments->json && arguments->out.empty()) print(index_csv(index));
    if (!arguments->json && !arguments->out.empty())
      print(fmt::format("{} clips written to {}\n", index.clips.size(), arguments->out));
  });
}

std::string counts_line(const data::ClassCounts& counts, bool with_validation) {
  std::string text = fmt::format("{:<14}", counts.name);
  std::vector<std::int64_t> totals;
  for (std::size_t k = 0; k < counts.counts[0].size(); ++k) {
    std::string cell;
    for (std::size_t split = 0; split < 3; ++split) {
      if (split == 1 && !with_validation) continue;
      cell += (cell.empty() ? "" : "/") + std::to_string(counts.counts[split][k]);
    }
    text += fmt::format(" {:>12}", cell);
  }
  text += fmt::format(" {:>8} {:>8}\n", sum(counts.counts[0]), sum(counts.counts[2]));
  return text;
}

std::string statistics_text(const data::Statistics& statistics) {
  std::string text = fmt::format("{:<14}", "train/test");
  for (const std::string& name : statistics.classes) text += fmt::format(" {:>12}", name);
  text += fmt::format(" {:>8} {:>8}\n", "train", "test");
  for (const auto& scene : statistics.scenes) text += counts_line(scene, false);
  for (const auto& scenario : statistics.scenarios) text += counts_line(scenario, false);
  text += counts_line(statistics.all, false);
  if (statistics.frame_total > 0) {
    text += fmt::format("frames a clip: min {}, median {:g}, max {}; {} in all\n", statistics.frame_min,
                        statistics.frame_median, statistics.frame_max, statistics.frame_total);
  }
  if (statistics.clips_without_frames > 0)
    text += fmt::format("{} clips have no frames on disk\n", statistics.clips_without_frames);
  return text;
}

nlohmann::ordered_json to_json(const data::ClassCounts& counts, const std::vector<std::string>& classes) {
  nlohmann::ordered_json json;
  for (const data::Split split : {data::Split::kTrain, data::Split::kTest}) {
    const auto& row = counts.counts[static_cast<std::size_t>(split)];
    for (std::size_t k = 0; k < classes.size(); ++k)
      json[std::string(data::to_string(split))][classes[k]] = row[k];
    json[std::string(data::to_string(split))]["total"] = sum(row);
  }
  return json;
}

std::string statistics_json(const data::Statistics& statistics) {
  nlohmann::ordered_json json;
  json["all"] = to_json(statistics.all, statistics.classes);
  for (const auto& scenario : statistics.scenarios)
    json["scenarios"][scenario.name] = to_json(scenario, statistics.classes);
  for (const auto& scene : statistics.scenes) json["scenes"][scene.name] = to_json(scene, statistics.classes);
  json["frames"] = {{"total", statistics.frame_total},
                    {"min", statistics.frame_min},
                    {"median", statistics.frame_median},
                    {"max", statistics.frame_max}};
  json["clips_without_frames"] = statistics.clips_without_frames;
  return json.dump(2) + "\n";
}

void add_stats(CLI::App& parent) {
  const auto arguments = std::make_shared<DataArguments>();
  CLI::App* command =
      parent.add_subcommand("stats", "Clips by class, scene, scenario and split; frames a clip");
  add_folder(*command, *arguments);
  command->add_flag("--json", arguments->json, "for machines");
  command->footer("Example: ferv data stats FERV39k");
  command->callback([arguments] {
    const data::Statistics statistics = data::statistics(read_index(*arguments, false));
    print(arguments->json ? statistics_json(statistics) : statistics_text(statistics));
  });
}

void add_split(CLI::App& parent) {
  struct Arguments : DataArguments {
    double fraction = 0.1;
    int seed = 0;
    std::string out;
    data::FoldOptions folds{.fold_count = 0};
    std::vector<std::string> train_on;
    std::vector<std::string> test_on;
  };
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* command = parent.add_subcommand(
      "split",
      "Show or write lists: train, val, test; the release's own, k folds, or scenario against scenario");
  add_folder(*command, *arguments);
  command
      ->add_option("--fraction", arguments->fraction,
                   "share of train held out, in every cell of scene and class")
      ->capture_default_str();
  command->add_option("--seed", arguments->seed, "seed of the run")
      ->capture_default_str()
      ->check(CLI::NonNegativeNumber);
  auto* folds = command
                    ->add_option("--of-folds", arguments->folds.fold_count,
                                 "divide all clips anew into so many folds, stratified by scene and class")
                    ->check(CLI::Range(2, 1000));
  command->add_option("--test-fold", arguments->folds.fold, "the fold that is tested")
      ->capture_default_str()
      ->needs(folds);
  command->add_flag("--by-subject", arguments->folds.by_subject, "no person in two folds")->needs(folds);
  auto* test_on =
      command->add_option("--test-on", arguments->test_on, "test on these scenes and scenarios alone")
          ->delimiter(',')
          ->excludes(folds);
  command
      ->add_option("--train-on", arguments->train_on,
                   "train on these alone (default: all but those of the test)")
      ->delimiter(',')
      ->needs(test_on);
  command->add_option("--out", arguments->out, "folder to write train.csv, val.csv and test.csv to");
  command->footer("Example: ferv data split FERV39k --fraction 0.1 --seed 0 --out lists");
  command->callback([arguments] {
    data::ClipIndex index = read_index(*arguments, false);
    arguments->folds.seed = static_cast<std::uint64_t>(arguments->seed);
    if (arguments->folds.fold_count > 0) data::assign_fold(index, arguments->folds);
    if (!arguments->test_on.empty())
      data::keep_cross_scenario(index, arguments->train_on, arguments->test_on);
    data::hold_out_validation(index, arguments->fraction, static_cast<std::uint64_t>(arguments->seed));
    for (const data::Split split : kSplits) {
      const auto positions = data::clips_of(index, split);
      print(fmt::format("{:<6} {} clips\n", data::to_string(split), positions.size()));
      if (arguments->out.empty()) continue;
      std::string lines;
      for (const std::size_t position : positions) {
        const data::Clip& clip = index.clips[position];
        lines += clip.id + " " + index.classes[static_cast<std::size_t>(clip.label)] + "\n";
      }
      write_file_atomically(
          std::filesystem::path(arguments->out) / fmt::format("{}.csv", data::to_string(split)), lines);
    }
  });
}

}  // namespace

void add_data(CLI::App& parent, Context& context) {
  CLI::App* command = parent.add_subcommand(
      "data", "Look at a data set and prepare it: index, stats, check, split, pack, preview, flow");
  command->require_subcommand(1);
  command->footer(kLayoutsText);
  add_index(*command);
  add_stats(*command);
  add_data_check(*command, context);
  add_split(*command);
  add_data_pack(*command, context);
  add_data_preview(*command, context);
#ifdef FERV_HAS_VIDEO
#if FERV_PROGRAM_FULL
  add_data_flow(*command, context);
#else
  command->add_subcommand("flow", kDataFlowSummary);  // for the help alone: it is handed over
#endif
#endif
}

}  // namespace ferv::app
