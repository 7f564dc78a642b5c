// SPDX-License-Identifier: Apache-2.0
#include "ferv/models/parts.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include <set>

#include "ferv/models/zoo.h"

namespace ferv::models {
namespace {

TEST(Parts, AreNamedAsTheZooNamesParameters) {
  EXPECT_EQ(part_of("layer1.0.conv1.weight"), Part::kBackbone);
  EXPECT_EQ(part_of("backbone.features.0.weight"), Part::kBackbone);
  EXPECT_EQ(part_of("backbone.classifier.3.weight"), Part::kBackbone) << "fc7 of VGG is no head";
  EXPECT_EQ(part_of("fc6.weight"), Part::kBackbone);
  EXPECT_EQ(part_of("lstm.face.weight_ih_l0"), Part::kRecurrent);
  for (const char* head : {"fc.bias", "fc8.weight", "logits.conv3d.weight", "classifier.6.weight",
                           "fusion.weight", "projection.bias"})
    EXPECT_EQ(part_of(head), Part::kHead) << head;
}

TEST(Parts, GiveEveryRowABackboneAndAHeadAndLstmRowsARecurrentPart) {
  std::set<std::string> done;
  for (const ModelCard& row : zoo()) {
    const std::string architecture = row.architecture.empty() ? row.id : row.architecture;
    if (!done.insert(architecture).second) continue;
    const auto model = make_model(row.id, {.class_count = 7, .spec = row.spec}, 0);
    std::set<Part> parts;
    for (const auto& item : model->module().named_parameters()) {
      parts.insert(part_of(item.key()));
      // What depends on the classes must learn anew with other classes: it has to be in the head.
      if (item.value().size(0) == 7) {
        EXPECT_EQ(part_of(item.key()), Part::kHead) << row.id << " " << item.key();
      }
    }
    EXPECT_TRUE(parts.contains(Part::kBackbone)) << row.id;
    EXPECT_TRUE(parts.contains(Part::kHead)) << row.id;
    EXPECT_EQ(parts.contains(Part::kRecurrent), row.id.find("lstm") != std::string::npos) << row.id;
  }
}

}  // namespace
}  // namespace ferv::models
