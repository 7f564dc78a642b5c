// SPDX-License-Identifier: Apache-2.0
#include "ferv/base/files.h"
#include "ferv/training/pretrain.h"
#include "matchers.h"

namespace ferv::training {
namespace {

using testing::HasSubstr;

TEST(PretrainSettings, ReadBackFromTheirOwnToml) {
  const test::TemporaryFolder folder;
  PretrainOptions options;
  options.data = "faces with \"quotes\"";
  options.learning_rate = 0.1 + 0.2;
  options.epochs = 3;
  write_file_atomically(folder / "config.toml", to_toml(options));
  PretrainOptions again;
  apply_config_file(again, folder / "config.toml");
  EXPECT_EQ(to_toml(again), to_toml(options));
  EXPECT_EQ(again.learning_rate, options.learning_rate);
}

TEST(PretrainSettings, AllHaveDefaultsThatTheyAllow) {
  for (const SettingDescription& setting : pretrain_settings()) {
    PretrainOptions options;
    apply_setting(options, setting.name, setting.default_value);
    EXPECT_EQ(to_toml(options), to_toml(PretrainOptions())) << setting.name;
    EXPECT_FALSE(setting.meaning.empty()) << setting.name;
  }
}

TEST(PretrainSettings, RefuseUnknownNamesAndWrongValues) {
  PretrainOptions options;
  for (const auto& [name, value, text] : {std::tuple{"epoch", "3", "did you mean 'epochs'"},
                                          {"epochs", "0", "wanted 1 to 100000"},
                                          {"epochs", "2.5", "setting epochs is '2.5'"},
                                          {"head", "arcface", "softmax|margin"},
                                          {"crop", "nan", "0.05 to 1"}}) {
    test::expect_error(ErrorKind::kInvalidArgument, HasSubstr(text),
                       [&, n = name, v = value] { apply_setting(options, n, v); });
  }
  const test::TemporaryFolder folder;
  write_file_atomically(folder / "f.toml", std::string_view("epochs = 2\nbatchsize = 4\n"));
  test::expect_error(ErrorKind::kInvalidArgument, HasSubstr("f.toml:2: unknown setting 'batchsize'"),
                     [&] { apply_config_file(options, folder / "f.toml"); });
}

}  // namespace
}  // namespace ferv::training
