// SPDX-License-Identifier: Apache-2.0
#include "ferv/training/options.h"

#include "ferv/base/files.h"
#include "ferv/base/random.h"
#include "file_lines.h"
#include "matchers.h"

namespace ferv::training {
namespace {

using testing::HasSubstr;

TEST(Options, SurviveARoundTripThroughToml) {
  TrainOptions options;
  options.learning_rate = 0.0123456789;
  options.random_crop = false;
  options.epochs = 7;
  options.data = "a \"quoted\" folder\\x";
  const test::TemporaryFolder folder;
  write_file_atomically(folder / "c.toml", to_toml(options));
  TrainOptions read;
  apply_config_file(read, folder / "c.toml");
  EXPECT_EQ(to_toml(read), to_toml(options));
  EXPECT_EQ(read.data, options.data);
}

TEST(Options, AreHeldByAFileOfAVersionThatKnewFewerSettingsAndSaidOtherThings) {
  TrainOptions options;
  options.epochs = 7;
  options.init_from = "weights of a run";
  const test::TemporaryFolder folder;
  write_file_atomically(folder / "c.toml", to_toml(options));
  std::string text;
  for (const std::string& line : test::lines_of(folder / "c.toml")) {
    if (line.starts_with("cuda_graphs")) continue;
    text += (line.starts_with("#") ? "# as it was said then" : line) + "\n";
  }
  write_file_atomically(folder / "c.toml", text);
  EXPECT_TRUE(holds_options(folder / "c.toml", options));
  options.epochs = 8;
  EXPECT_FALSE(holds_options(folder / "c.toml", options));
}

TEST(Options, NameThoseThatAreNotTheirDefaults) {
  TrainOptions options;
  EXPECT_EQ(changed_settings(options), "");
  options.cuda_graphs = true;
  options.model = "r3d18";
  EXPECT_EQ(changed_settings(options), "model = r3d18\ncuda_graphs = true\n");
}

TEST(Options, ListEverySettingWithADefaultInItsOwnRange) {
  const auto all = settings();
  EXPECT_GE(all.size(), 30U);
  for (const SettingDescription& setting : all) {
    TrainOptions options;
    EXPECT_NO_THROW(apply_setting(options, setting.name, setting.default_value)) << setting.name;
    EXPECT_FALSE(setting.meaning.empty());
  }
}

TEST(Options, RefuseUnknownNamesAndWrongValues) {
  TrainOptions options;
  const auto refused = [&](const char* name, const char* value, const char* why) {
    test::expect_error(ErrorKind::kInvalidArgument, HasSubstr(why),
                       [&] { apply_setting(options, name, value); });
  };
  refused("epoch", "3", "did you mean 'epochs'");
  refused("epochs", "0", "setting epochs is '0', wanted 1 to 100000");
  refused("epochs", "3.5", "wanted 1 to 100000");
  refused("learning_rate", "nan", "wanted 0 to 100");
  refused("learning_rate", "fast", "'fast'");
  refused("optimizer", "lion", "wanted sgd|adamw");
  refused("random_crop", "yes", "wanted true|false");
}

TEST(Options, NameFileAndLineOfAWrongSetting) {
  const test::TemporaryFolder folder;
  write_file_atomically(folder / "c.toml", std::string_view("epochs = 3\nlerning_rate = 0.1\n"));
  TrainOptions options;
  test::expect_error(ErrorKind::kInvalidArgument,
                     testing::AllOf(HasSubstr("c.toml:2"), HasSubstr("did you mean 'learning_rate'")),
                     [&] { apply_config_file(options, folder / "c.toml"); });
  write_file_atomically(folder / "c.toml", std::string_view("epochs = \n"));
  test::expect_error(ErrorKind::kCorruptData, HasSubstr("c.toml:1"),
                     [&] { apply_config_file(options, folder / "c.toml"); });
}

TEST(Options, AgreeOnTheNumberOfFrames) {
  TrainOptions options;
  options.frames = 8;
  test::expect_error(ErrorKind::kInvalidArgument, HasSubstr("8 x 2, wanted frames = 8"),
                     [&] { validate(options); });
}

TEST(Options, KnowFourNumbersOfTestCrops) {
  TrainOptions options;
  options.test_crops = 3;
  test::expect_error(ErrorKind::kInvalidArgument, HasSubstr("test_crops is 3, wanted 1, 2, 5 or 10"),
                     [&] { validate(options); });
  options.test_crops = 10;
  EXPECT_NO_THROW(validate(options));
}

TEST(ConfigFile, NeverCrashesOnMutatedText) {
  const test::TemporaryFolder folder;
  const std::string good = to_toml(TrainOptions());
  Random random(2);
  for (int round = 0; round < 200; ++round) {
    std::string text = good;
    for (int k = 0; k < 4; ++k) text[random.below(text.size())] = static_cast<char>(random.next());
    text.resize(random.below(text.size() + 1));
    write_file_atomically(folder / "c.toml", text);
    TrainOptions options;
    try {
      apply_config_file(options, folder / "c.toml");
    } catch (const Error&) {
      // refused: fine
    }
  }
}

}  // namespace
}  // namespace ferv::training
