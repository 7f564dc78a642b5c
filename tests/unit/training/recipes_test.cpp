// SPDX-License-Identifier: Apache-2.0
// Every row of the zoo has a recipe that says all there is to say about how it is trained.
#include <set>

#include "ferv/models/zoo.h"
#include "ferv/training/options.h"
#include "matchers.h"
#include "settings_table.h"

namespace ferv::training {
namespace {

namespace fs = std::filesystem;

fs::path recipe_of(const models::ModelCard& card) {
  return fs::path(FERV_SOURCE_DIR) / "recipes" / (card.id + ".toml");
}

/// What decides how good a model becomes. A recipe that left one out would change with the program's
/// defaults.
const std::set<std::string>& decisive_settings() {
  static const std::set<std::string> kNames = {"model",
                                               "protocol",
                                               "select_by",
                                               "validation_fraction",
                                               "frames",
                                               "height",
                                               "width",
                                               "segments",
                                               "frames_per_segment",
                                               "sampling",
                                               "streams",
                                               "random_crop",
                                               "crop_area_min",
                                               "crop_ratio_max",
                                               "flip_probability",
                                               "rotation_degrees",
                                               "brightness",
                                               "contrast",
                                               "saturation",
                                               "hue",
                                               "grey_probability",
                                               "erase_probability",
                                               "erase_area_max",
                                               "temporal_jitter",
                                               "epochs",
                                               "batch_size",
                                               "optimizer",
                                               "learning_rate",
                                               "momentum",
                                               "weight_decay",
                                               "schedule",
                                               "step_epochs",
                                               "step_factor",
                                               "warmup_epochs",
                                               "label_smoothing",
                                               "class_weights",
                                               "focal_gamma",
                                               "class_sampling",
                                               "accumulate_batches",
                                               "gradient_clip_norm",
                                               "ema_decay",
                                               "early_stop_epochs",
                                               "freeze",
                                               "freeze_epochs",
                                               "head_warmup_epochs",
                                               "backbone_rate_factor",
                                               "recurrent_rate_factor",
                                               "head_rate_factor"};
  return kNames;
}

std::set<std::string> names_in(const fs::path& recipe) {
  std::set<std::string> names;
  for_each_toml_entry(recipe, [&](std::string_view key, const std::string&) { names.emplace(key); });
  return names;
}

TEST(Recipes, ThereIsOneForEveryRowAndItNamesItsRow) {
  for (const models::ModelCard& card : models::zoo()) {
    ASSERT_TRUE(fs::exists(recipe_of(card))) << recipe_of(card);
    TrainOptions options;
    apply_config_file(options, recipe_of(card));  // unknown keys and values out of range throw
    EXPECT_EQ(options.model, card.id);
    EXPECT_NO_THROW(validate(options)) << card.id;
  }
}

TEST(Recipes, AreCompleteAndSayNothingOfMachineOrData) {
  for (const models::ModelCard& card : models::zoo())
    EXPECT_EQ(names_in(recipe_of(card)), decisive_settings()) << card.id;
}

TEST(Recipes, NameSettingsThatThereAre) {
  std::set<std::string> known;
  for (const SettingDescription& setting : settings()) known.insert(setting.name);
  for (const std::string& name : decisive_settings()) EXPECT_TRUE(known.contains(name)) << name;
}

TEST(Recipes, GiveEachRowAnInputThatItTakesAndStreamsAsManyAsItHas) {
  for (const models::ModelCard& card : models::zoo()) {
    TrainOptions options;
    apply_config_file(options, recipe_of(card));
    EXPECT_GE(options.frames, card.smallest_input.frame_count) << card.id;
    EXPECT_GE(options.height, card.smallest_input.height_px) << card.id;
    EXPECT_GE(options.width, card.smallest_input.width_px) << card.id;
    EXPECT_LE(options.frames, card.largest_input.frame_count) << card.id;
    EXPECT_LE(options.height, card.largest_input.height_px) << card.id;
    EXPECT_LE(options.width, card.largest_input.width_px) << card.id;
    EXPECT_EQ(1 + std::count(options.streams.begin(), options.streams.end(), ','), card.stream_count())
        << card.id;
  }
}

}  // namespace
}  // namespace ferv::training
