// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "ferv/weights/named_tensors.h"
#include "matchers.h"

namespace ferv::weights {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const std::vector<std::string> kWrappers = {"backbone.", "face.", "scene."};

/// One layer under each of the names.
class Layers : public torch::nn::Module {
 public:
  explicit Layers(const std::vector<std::string>& names) {
    for (const std::string& name : names) {
      const auto wrapper = std::make_shared<torch::nn::Module>();
      const std::size_t dot = name.find('.');
      if (dot == std::string::npos) {
        register_module(name, torch::nn::Linear(torch::nn::LinearOptions(2, 2).bias(false)));
        continue;
      }
      const std::string outer = name.substr(0, dot);
      const auto children = named_children();
      const auto parent = children.contains(outer) ? children[outer] : register_module(outer, wrapper);
      parent->register_module(name.substr(dot + 1),
                              torch::nn::Linear(torch::nn::LinearOptions(2, 2).bias(false)));
    }
  }
};

NamedTensors file_of(const std::vector<std::pair<std::string, float>>& values) {
  NamedTensors file;
  for (const auto& [name, value] : values) file.tensors.emplace_back(name, torch::full({2, 2}, value));
  return file;
}

float value_of(const torch::nn::Module& module, const std::string& name) {
  return module.named_parameters()[name].min().item<float>();
}

TEST(LoadMatching, FillsTheTrunkOfACompositeFromABareTrunk) {
  Layers module({"backbone.conv1", "lstm", "fc"});
  const MatchReport report =
      load_matching(module, file_of({{"conv1.weight", 3}, {"layer9.weight", 4}}), kWrappers);
  EXPECT_THAT(report.matched, ElementsAre("backbone.conv1.weight"));
  EXPECT_THAT(report.missing, ElementsAre("lstm.weight", "fc.weight"));
  EXPECT_THAT(report.left_over, ElementsAre("layer9.weight"));
  EXPECT_EQ(value_of(module, "backbone.conv1.weight"), 3);
}

TEST(LoadMatching, FillsABareTrunkFromACompositeWhoseFirstWrapperWins) {
  Layers module({"conv1"});
  const MatchReport report =
      load_matching(module, file_of({{"scene.conv1.weight", 5}, {"face.conv1.weight", 6}}), kWrappers);
  EXPECT_EQ(value_of(module, "conv1.weight"), 6);
  EXPECT_THAT(report.left_over, ElementsAre("scene.conv1.weight"));
}

TEST(LoadMatching, FillsBothStreamsOfAPairFromOneTrunk) {
  Layers module({"face.conv1", "scene.conv1"});
  const MatchReport report = load_matching(module, file_of({{"backbone.conv1.weight", 7}}), kWrappers);
  EXPECT_EQ(report.matched.size(), 2U);
  EXPECT_EQ(value_of(module, "face.conv1.weight"), 7);
  EXPECT_EQ(value_of(module, "scene.conv1.weight"), 7);
  EXPECT_THAT(report.left_over, IsEmpty());
}

TEST(LoadMatching, PrefersTheWholeNameOverAnUnwrappedOne) {
  Layers module({"face.conv1", "scene.conv1"});
  (void)load_matching(module, file_of({{"face.conv1.weight", 1}, {"scene.conv1.weight", 2}}), kWrappers);
  EXPECT_EQ(value_of(module, "face.conv1.weight"), 1);
  EXPECT_EQ(value_of(module, "scene.conv1.weight"), 2);
}

TEST(LoadMatching, LeavesTensorsOfAnotherShapeAloneAndNamesBothShapes) {
  Layers module({"fc"});
  const float before = value_of(module, "fc.weight");
  NamedTensors file;
  file.tensors.emplace_back("fc.weight", torch::ones({1000, 2}));
  const MatchReport report = load_matching(module, file, kWrappers);
  EXPECT_THAT(report.misshapen, ElementsAre("fc.weight is [1000, 2], wanted [2, 2]"));
  EXPECT_THAT(report.left_over, IsEmpty()) << "it was looked at: not a stranger";
  EXPECT_EQ(value_of(module, "fc.weight"), before);
}

TEST(LoadMatching, TurnsHalfPrecisionIntoTheModulesType) {
  Layers module({"fc"});
  NamedTensors file;
  file.tensors.emplace_back("fc.weight", torch::full({2, 2}, 0.5).to(torch::kFloat16));
  (void)load_matching(module, file, kWrappers);
  EXPECT_EQ(value_of(module, "fc.weight"), 0.5F);
}

}  // namespace
}  // namespace ferv::weights
