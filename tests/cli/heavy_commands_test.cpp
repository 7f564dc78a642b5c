// SPDX-License-Identifier: Apache-2.0
// The contract of the command line, for commands that load LibTorch: the main job in small, and its misuses.
#include <algorithm>

#include "ferv/base/files.h"
#include "matchers.h"
#include "subprocess.h"

namespace ferv {
namespace {

using test::run_shell;
using testing::HasSubstr;

/// A tiny data set and a run of one epoch on it, made once for all tests of this file.
struct TinyRun {
  test::TemporaryFolder folder;
  std::string data = (folder / "data").string();
  std::string run = (folder / "run").string();

  TinyRun() {
    const auto made = run_shell("ferv synth --out '" + data + "' --clips-per-cell 3 --scenes War --seed 5");
    EXPECT_EQ(made.exit_code, 0) << made.errors;
    const auto trained = run_shell("ferv train --model r18_lstm --data '" + data + "' --run '" + run + "' " +
                                   kSettings + " --set epochs=1");
    EXPECT_EQ(trained.exit_code, 0) << trained.errors;
    EXPECT_THAT(trained.output, HasSubstr("WAR"));
  }
  [[nodiscard]] std::string weights() const { return run + "/weights/last.safetensors"; }

  static constexpr const char* kSettings =
      "--set frames=4 --set height=48 --set width=48 --set segments=2 --set frames_per_segment=2 --set "
      "batch_size=4";
};

const TinyRun& tiny_run() {
  static const TinyRun run;
  return run;
}

void expect_failure(const std::string& line, int exit_code, const std::string& text) {
  const auto result = run_shell(line);
  EXPECT_EQ(result.exit_code, exit_code) << line << "\n" << result.errors;
  EXPECT_THAT(result.errors, HasSubstr(text)) << line;
}

TEST(Train, WritesTheRunFolderOfTheContract) {
  const std::filesystem::path run = tiny_run().run;
  for (const char* name : {"config.toml", "environment.json", "metrics.csv", "log.jsonl", "results/val.csv",
                           "results/test.csv", "results/test.json", "weights/last.safetensors",
                           "weights/best.safetensors", "checkpoints", "report.html"}) {
    EXPECT_TRUE(std::filesystem::exists(run / name)) << name;
  }
}

TEST(Train, RefusesUnknownSettingsModelsAndMissingData) {
  const auto& tiny = tiny_run();
  const std::string other = (tiny.folder / "other").string();
  expect_failure("ferv train --model r18_lstm --data '" + tiny.data + "' --run '" + other + "' --set epoch=3",
                 2, "did you mean 'epochs'");
  expect_failure("ferv train --model r18_lsmt --data '" + tiny.data + "' --run '" + other + "'", 2,
                 "r18_lstm");
  expect_failure("ferv train --model r18_lstm --data /no/such --run '" + other + "'", 3, "/no/such");
  expect_failure("ferv train --resume /no/such", 3, "/no/such");
  EXPECT_FALSE(std::filesystem::exists(other)) << "nothing is left behind by a refused start";
}

TEST(Train, TakesListsWithTheirOrderOfLabels) {
  const test::TemporaryFolder folder;
  const std::string data = (folder / "data").string();
  const auto made = run_shell("ferv synth --size 48 --clips 28 --layout lists --out '" + data + "'");
  ASSERT_EQ(made.exit_code, 0) << made.errors;
  const std::string lists =
      "--set layout=lists --set train_list='" + data + "/train.txt' --set test_list='" + data + "/test.txt' ";
  const std::string start = "ferv train --model r18_lstm --data '" + data + "' --run '" +
                            (folder / "run").string() + "' --set epochs=1 " + TinyRun::kSettings + " " +
                            lists;
  const auto trained = run_shell(start + "--set label_order=alphabetical");
  EXPECT_EQ(trained.exit_code, 0) << trained.errors;
  EXPECT_THAT(trained.output, HasSubstr("WAR"));
}

TEST(Train, RehearsesWithoutWritingAnything) {
  const auto& tiny = tiny_run();
  const std::string line =
      "ferv train --model r18_lstm --data '" + tiny.data + "' --dry-run " + std::string(TinyRun::kSettings);
  const auto text = run_shell(line);
  ASSERT_EQ(text.exit_code, 0) << text.errors;
  for (const char* part : {"13,281,351", "GMAC", "measured", "an epoch", "nothing was written"})
    EXPECT_THAT(text.output, HasSubstr(part));
  const auto machine = run_shell(line + " --json");
  EXPECT_THAT(machine.output, HasSubstr("\"loader_clips_per_s\""));
  expect_failure(line + " --seeds 1", 2, "--dry-run");
}

TEST(Train, TrainsASeriesAndRunsListsIt) {
  const auto& tiny = tiny_run();
  const test::TemporaryFolder folder;
  const std::string data = (folder / "dfew").string();
  const auto made = run_shell("ferv synth --out '" + data + "' --layout dfew --clips 40 --size 48");
  ASSERT_EQ(made.exit_code, 0) << made.errors;
  const std::string series = (folder / "series").string();
  const std::string line = "ferv train --model r18_lstm --data '" + data + "' --run '" + series +
                           "' --seeds 1 --folds 1-2 --set epochs=1 " + TinyRun::kSettings;
  const auto trained = run_shell(line);
  ASSERT_EQ(trained.exit_code, 0) << trained.errors;
  for (const char* part : {"seed 1 fold 2", "folds averaged", "folds pooled", "summary.json"})
    EXPECT_THAT(trained.output, HasSubstr(part));
  const auto again = run_shell("ferv train --resume '" + series + "' --json");
  EXPECT_EQ(again.exit_code, 0) << again.errors;
  EXPECT_EQ(again.output, read_text_file(series + "/summary.json"));
  const auto listed = run_shell("ferv runs '" + series + "' '" + tiny.run + "'");
  ASSERT_EQ(listed.exit_code, 0) << listed.errors;
  for (const char* part : {"fold-1/seed-1", "fold-2/seed-1", "done", "1/1", "test WAR/UAR"})
    EXPECT_THAT(listed.output, HasSubstr(part));
  const auto compared = run_shell("ferv runs compare '" + tiny.run + "' '" + series + "/fold-2/seed-1'");
  ASSERT_EQ(compared.exit_code, 0) << compared.errors;
  for (const char* part : {"fold ", "seed ", "test WAR/UAR", "best epoch"})
    EXPECT_THAT(compared.output, HasSubstr(part));
  expect_failure("ferv runs /no/such", 3, "/no/such");
  expect_failure(line + " --set epochs=2", 5, "other settings");
  expect_failure("ferv train --model r18_lstm --data x --run y --seeds 3-1", 2, "--seeds");
}

TEST(Train, NamesATruncatedFrame) {
  const auto& tiny = tiny_run();
  const test::TemporaryFolder folder;
  std::filesystem::copy(tiny.data, folder / "data", std::filesystem::copy_options::recursive);
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(folder / "data/2_ClipsforFaceCrop")) {
    if (entry.is_regular_file()) std::filesystem::resize_file(entry.path(), 700);
  }
  expect_failure("ferv eval --weights '" + tiny.weights() + "' --data '" + (folder / "data").string() +
                     "' --split test --out '" + (folder / "r.csv").string() + "'",
                 4, ".jpg");
  EXPECT_FALSE(std::filesystem::exists(folder / "r.csv"));
}

TEST(Pretrain, SaysWhatIsWrongWithItsArguments) {
  const auto& tiny = tiny_run();
  const std::string other = (tiny.folder / "other").string();
  expect_failure("ferv pretrain --data '" + tiny.data + "'", 2, "--run DIR");
  expect_failure("ferv pretrain --run '" + other + "'", 2, "--data FACES");
  expect_failure("ferv pretrain --data x --run '" + other + "' --set epoch=3", 2, "did you mean 'epochs'");
  expect_failure("ferv pretrain --backbone resnet34 --data x --run '" + other + "'", 2, "resnet18|resnet50");
  expect_failure("ferv pretrain --data /no/such --run '" + other + "'", 3, "/no/such");
  expect_failure("ferv pretrain --resume /no/such", 3, "/no/such");
  EXPECT_FALSE(std::filesystem::exists(other)) << "nothing is left behind by a refused start";
}

TEST(Pretrain, TrainsOnTheFramesOfClipsAndItsWeightsPredictThem) {
  const auto& tiny = tiny_run();
  const test::TemporaryFolder folder;
  // Frames of the data set's clips as still pictures, by expression.
  const auto made = run_shell("cd '" + tiny.data + "/2_ClipsforFaceCrop/War' && for e in *; do mkdir -p '" +
                              (folder / "faces").string() + "'/$e; for c in $e/*; do cp $c/00.jpg '" +
                              (folder / "faces").string() + "'/${c}_0.jpg; done; done");
  ASSERT_EQ(made.exit_code, 0) << made.errors;
  const std::string run = (folder / "run").string();
  const auto trained =
      run_shell("ferv pretrain --backbone resnet18 --data '" + (folder / "faces").string() + "' --run '" +
                run + "' --half --set size=32 --set epochs=1 --set batch_size=4 --set held_out_fraction=0.3");
  ASSERT_EQ(trained.exit_code, 0) << trained.errors;
  EXPECT_THAT(trained.output, HasSubstr("WAR"));
  EXPECT_THAT(trained.output, HasSubstr("recall"));
  const auto evaluated = run_shell("ferv eval --weights '" + run + "/weights/best.safetensors' --data '" +
                                   tiny.data + "' --split test --out '" + (folder / "r.csv").string() + "'");
  EXPECT_EQ(evaluated.exit_code, 0) << evaluated.errors;
}

TEST(Eval, GivesTheResultsThatTrainingWrote) {
  const auto& tiny = tiny_run();
  const test::TemporaryFolder folder;
  const auto result = run_shell("ferv eval --weights '" + tiny.run + "/weights/best.safetensors' --data '" +
                                tiny.data + "' --split test --out '" + (folder / "r.csv").string() + "'");
  ASSERT_EQ(result.exit_code, 0) << result.errors;
  EXPECT_EQ(read_text_file(folder / "r.csv"), read_text_file(tiny.run + "/results/test.csv"));
  const auto views =
      run_shell("ferv eval --weights '" + tiny.run + "/weights/best.safetensors' --data '" + tiny.data +
                "' --views 2 --crops 2 --out '" + (folder / "v.csv").string() + "'");
  ASSERT_EQ(views.exit_code, 0) << views.errors;
  EXPECT_NE(read_text_file(folder / "v.csv"), read_text_file(folder / "r.csv"));
  EXPECT_THAT(read_text_file(folder / "v.json"), HasSubstr("\"test_views\""));
}

TEST(Eval, RefusesWhatAreNoWeights) {
  const auto& tiny = tiny_run();
  const test::TemporaryFolder folder;
  write_file_atomically(folder / "w.safetensors", std::string_view("not weights at all"));
  const std::string rest =
      " --data '" + tiny.data + "' --split test --out '" + (folder / "r.csv").string() + "'";
  expect_failure("ferv eval --weights '" + (folder / "w.safetensors").string() + "'" + rest, 4,
                 "w.safetensors");
  expect_failure("ferv eval --weights /no/such.safetensors" + rest, 3, "/no/such.safetensors");
  expect_failure("ferv eval --weights w.safetensors --model resnet18" + rest, 2, "--model");
}

TEST(ZooBenchmark, LooksAtItsRecipesBeforeItRenders) {
  const test::TemporaryFolder folder;
  const std::string work = (folder / "work").string();
  expect_failure("ferv zoo benchmark --work '" + work + "' --out '" + work + "/out' --recipes /no/such", 3,
                 "/no/such/common.toml");
  EXPECT_FALSE(std::filesystem::exists(work));
}

TEST(Logits, RefuseWeightsOfAnotherModelAndInputsOfAnotherShape) {
  const auto& tiny = tiny_run();
  const test::TemporaryFolder folder;
  const auto made =
      run_shell("cd '" + folder.path().string() +
                "' && /usr/bin/python3 -c \"import numpy; numpy.save('x.npy', numpy.zeros((1, 3, 4, 48, 48), "
                "'float32')); numpy.save('small.npy', numpy.zeros((1, 3, 4, 20, 48), 'float32'))\"");
  if (made.exit_code != 0) GTEST_SKIP() << "python3-numpy is not installed";
  const std::string rest =
      " --input '" + (folder / "x.npy").string() + "' --out '" + (folder / "l.npy").string() + "'";
  expect_failure("ferv zoo logits --weights '" + tiny.weights() + "' --model r50_lstm" + rest, 5, "r50_lstm");
  const auto good = run_shell("ferv zoo logits --weights '" + tiny.weights() + "'" + rest);
  EXPECT_EQ(good.exit_code, 0) << good.errors;
  EXPECT_TRUE(std::filesystem::exists(folder / "l.npy"));
  expect_failure("ferv zoo logits --weights '" + tiny.weights() + "' --input '" +
                     (folder / "small.npy").string() + "' --out '" + (folder / "l.npy").string() + "'",
                 5, "small.npy: r18_lstm: input is [1, 3, 4, 20, 48]");
}

TEST(Export, GoesToPthAndBackWithoutChangingALogit) {
  const auto& tiny = tiny_run();
  const test::TemporaryFolder folder;
  const auto path = [&](const char* name) { return "'" + (folder / name).string() + "'"; };
  const auto there =
      run_shell("ferv export --weights '" + tiny.weights() + "' --format pth --out " + path("w.pth"));
  ASSERT_EQ(there.exit_code, 0) << there.errors;
  const auto back = run_shell("ferv export --weights " + path("w.pth") + " --format safetensors --out " +
                              path("w.safetensors"));
  ASSERT_EQ(back.exit_code, 0) << back.errors;
  const std::string rest = " --data '" + tiny.data + "' --split test --precision fp32 --out ";
  ASSERT_EQ(run_shell("ferv eval --weights '" + tiny.weights() + "'" + rest + path("a.csv")).exit_code, 0);
  ASSERT_EQ(run_shell("ferv eval --weights " + path("w.safetensors") + rest + path("b.csv")).exit_code, 0);
  EXPECT_EQ(read_text_file(folder / "a.csv"), read_text_file(folder / "b.csv"));
  expect_failure("ferv export --weights '" + tiny.weights() + "' --format onnx --out " + path("w.onnx"), 2,
                 "onnx");
}

#ifdef FERV_HAS_VIDEO
TEST(Predict, RefusesTextNamedMp4) {
  const auto& tiny = tiny_run();
  const test::TemporaryFolder folder;
  write_file_atomically(folder / "film.mp4", std::string_view("dear diary"));
  const std::string rest = " --weights '" + tiny.weights() + "' --out '" + (folder / "out").string() + "'";
  expect_failure("ferv predict '" + (folder / "film.mp4").string() + "'" + rest, 4, "film.mp4");
  expect_failure("ferv predict /no/film.mp4" + rest, 3, "/no/film.mp4");
}

TEST(Predict, WritesWhatIsAskedForAndRefusesWhatItDoesNotKnow) {
  const auto& tiny = tiny_run();
  const test::TemporaryFolder folder;
  const std::string line = "ferv predict '" + tiny.data + "/2_ClipsforFaceCrop/War/Happy/0000' --weights '" +
                           tiny.weights() + "' --out '" + (folder / "out").string() + "' ";
  expect_failure(line + "--formats csv,doc", 2, "format is 'doc'");
  expect_failure(line + "--privacy pixel", 2, "none, blur or landmarks");
  expect_failure(line + "--faces 0", 2, "--faces");
  expect_failure(line + "--seconds 3", 2, "no camera is given");
  EXPECT_FALSE(std::filesystem::exists(folder / "out"));
  const auto result = run_shell(line + "--formats all --privacy blur --faces 2 --profile");
  ASSERT_EQ(result.exit_code, 0) << result.errors;
  EXPECT_THAT(result.errors, testing::AllOf(HasSubstr("times real time"), HasSubstr("what a person feels")));
  for (const char* ending :
       {"csv", "json", "jsonl", "segments.csv", "srt", "vtt", "eaf", "annotated.mp4", "html"}) {
    EXPECT_TRUE(std::filesystem::exists(folder / (std::string("out/0000.") + ending))) << ending;
    EXPECT_THAT(result.output, HasSubstr(std::string("0000.") + ending));
  }
}
#endif

TEST(Doctor, NamesVersionsAndProcessor) {
  const auto result = run_shell("ferv doctor");
  EXPECT_EQ(result.exit_code, 0) << result.errors;
  for (const char* word : {"ferv 0.1.0", "threads", "BLAS"}) EXPECT_THAT(result.output, HasSubstr(word));
}

TEST(Completion, ScriptsAreAcceptedByTheirShellAndOfferCommands) {
  const auto result = run_shell(
      "source <(ferv completion bash); COMP_WORDS=(ferv sc); COMP_CWORD=1; _ferv; echo \"${COMPREPLY[@]}\"");
  EXPECT_EQ(result.exit_code, 0) << result.errors;
  EXPECT_EQ(result.output, "score\n");
  const auto options = run_shell(
      "source <(ferv completion bash); COMP_WORDS=(ferv train --mod); COMP_CWORD=2; _ferv; echo "
      "\"${COMPREPLY[@]}\"");
  EXPECT_EQ(options.output, "--model\n");
  for (const char* shell : {"zsh", "fish"}) {
    const auto script = run_shell(std::string("ferv completion ") + shell);
    EXPECT_EQ(script.exit_code, 0);
    EXPECT_THAT(script.output, HasSubstr("train"));
  }
}

}  // namespace
}  // namespace ferv
