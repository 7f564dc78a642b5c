// SPDX-License-Identifier: Apache-2.0
// The rows that start from other weights, from their first data set to FERV39k, in small.
#include <filesystem>

#include "ferv/base/files.h"
#include "matchers.h"
#include "subprocess.h"

namespace ferv {
namespace {

using test::run_shell;
using testing::HasSubstr;

constexpr const char* kSettings =
    " --set frames=4 --set segments=2 --set frames_per_segment=2 --set height=32 --set width=32 --set "
    "batch_size=8 --set epochs=1";

class PretrainedRows : public testing::Test {
 protected:
  [[nodiscard]] std::string path(const char* name) const { return "'" + (folder_ / name).string() + "'"; }

  /// stderr of a line that must succeed.
  std::string run(const std::string& line) {
    const auto result = run_shell(line);
    EXPECT_EQ(result.exit_code, 0) << line << "\n" << result.errors;
    return result.errors;
  }

  void make_target_data() {
    run("ferv synth --out " + path("ferv39k") +
        " --clips-per-cell 3 --scenes War --size 48 --no-scene-frames");
  }

  test::TemporaryFolder folder_;
};

TEST_F(PretrainedRows, GoFromDfewToFerv39k) {
  make_target_data();
  run("ferv synth --out " + path("dfew") + " --layout dfew --clips 40 --size 48");
  run("ferv train --model r18_lstm --data " + path("dfew") + " --set fold=2 --run " + path("first") +
      kSettings);
  const auto refused = run_shell("ferv train --model r18_lstm.dfew --data " + path("ferv39k") + " --run " +
                                 path("second") + kSettings);
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_THAT(refused.errors, HasSubstr("init_from is empty"));
  const std::string told = run("ferv train --model r18_lstm.dfew --init-from " +
                               path("first/weights/best.safetensors") + " --data " + path("ferv39k") +
                               " --run " + path("second") + kSettings + " --set backbone_rate_factor=0.1");
  EXPECT_THAT(told, HasSubstr("matched 126 tensors"));
  EXPECT_TRUE(std::filesystem::exists(folder_ / "second/results/test.csv"));
}

TEST_F(PretrainedRows, GoFromFaceIdentitiesToFerv39k) {
  make_target_data();
  run("ferv synth --out " + path("faces") +
      " --layout identities --identities 12 --pictures-per-identity 5 --size 48");
  run("ferv pretrain --backbone resnet18 --data " + path("faces") + " --run " + path("first") +
      " --set size=32 --set epochs=1 --set batch_size=16 --set pair_count=40");
  const std::string told = run("ferv train --model r18_lstm.msceleb --init-from " +
                               path("first/weights/best.safetensors") + " --data " + path("ferv39k") +
                               " --run " + path("second") + kSettings + " --set head_warmup_epochs=1");
  EXPECT_THAT(told, HasSubstr("matched 120 tensors"));
  EXPECT_THAT(told, HasSubstr("missing in the file, start fresh: 6 tensors: lstm (4), fc (2)"));
  const auto refused =
      run_shell("ferv train --model vgg13 --init-from " + path("first/weights/best.safetensors") +
                " --data " + path("ferv39k") + " --run " + path("third") + kSettings);
  EXPECT_EQ(refused.exit_code, 5) << "not a tensor of a ResNet fits a VGG";
}

}  // namespace
}  // namespace ferv
