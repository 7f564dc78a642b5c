// SPDX-License-Identifier: Apache-2.0
#include "starting_weights.h"

#include <torch/torch.h>

#include "matchers.h"

namespace ferv::training {
namespace {

using testing::Contains;
using testing::HasSubstr;

const ClipSpec kSmall{.frame_count = 2, .height_px = 32, .width_px = 32};

std::unique_ptr<models::Model> model_of(const std::string& id, int class_count = 7) {
  return models::make_model(id, {.class_count = class_count, .spec = kSmall}, 1);
}

void write_ones(const std::filesystem::path& path, models::Model& model) {
  weights::NamedTensors file;
  for (const auto& [name, tensor] : weights::state_of(model.module()).tensors)
    file.tensors.emplace_back(name, torch::ones_like(tensor));
  if (path.extension() == ".pth")
    weights::write_pth(path, file);
  else
    weights::write_safetensors(path, file);
}

bool is_ones(models::Model& model, const std::string& name) {
  const auto parameters = model.module().named_parameters();
  return torch::equal(parameters[name], torch::ones_like(parameters[name]));
}

TEST(StartFrom, FillsALstmRowFromABareResNetCheckpoint) {
  const test::TemporaryFolder folder;
  write_ones(folder / "resnet.pth", *model_of("resnet18", 1000));
  const auto model = model_of("r18_lstm.msceleb");
  const weights::MatchReport report = start_from(*model, folder / "resnet.pth");
  EXPECT_TRUE(is_ones(*model, "backbone.layer4.1.conv2.weight"));
  EXPECT_FALSE(is_ones(*model, "lstm.weight_ih_l0"));
  EXPECT_FALSE(is_ones(*model, "fc.weight")) << "1000 classes do not fit 7";
  const std::vector<std::string> lines = to_lines(report);
  EXPECT_THAT(lines, Contains(HasSubstr("backbone.layer4 (")));
  EXPECT_THAT(lines, Contains(HasSubstr("missing in the file, start fresh: 4 tensors: lstm (4)")));
  EXPECT_THAT(lines, Contains(HasSubstr("fc.weight is [1000, 512], wanted [7, 512]")));
}

TEST(StartFrom, FillsBothStreamsAndTheirLstmsStayFresh) {
  const test::TemporaryFolder folder;
  write_ones(folder / "single.safetensors", *model_of("r18_lstm"));
  const auto model = model_of("two_r18_lstm");
  (void)start_from(*model, folder / "single.safetensors");
  EXPECT_TRUE(is_ones(*model, "face.conv1.weight"));
  EXPECT_TRUE(is_ones(*model, "scene.conv1.weight"));
  EXPECT_FALSE(is_ones(*model, "lstm.face.weight_ih_l0"));
}

TEST(StartFrom, RefusesABackboneThatDoesNotMatchAtAll) {
  const test::TemporaryFolder folder;
  weights::NamedTensors file;
  file.tensors.emplace_back("encoder.block1.weight", torch::ones({3, 3}));
  file.tensors.emplace_back("fc.weight", torch::ones({7, 512}));
  weights::write_safetensors(folder / "other.safetensors", file);
  const auto model = model_of("r18_lstm");
  test::expect_error(
      ErrorKind::kIncompatible,
      testing::AllOf(HasSubstr("other.safetensors"), HasSubstr("no tensor of the backbone fits"),
                     HasSubstr("encoder.block1"), HasSubstr("backbone.conv1.weight")),
      [&] { (void)start_from(*model, folder / "other.safetensors"); });
}

}  // namespace
}  // namespace ferv::training
