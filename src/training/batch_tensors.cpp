// SPDX-License-Identifier: Apache-2.0
#include "batch_tensors.h"

#include <torch/torch.h>

#include "ferv/base/error.h"
#include "ferv/models/zoo.h"
#include "ferv/nn/device.h"
#include "ferv/nn/layout.h"

namespace ferv::training {

std::vector<torch::Tensor> clips_of(const data::Batch& batch, const ClipSpec& spec, torch::Device device) {
  const auto count = static_cast<std::int64_t>(batch.size());
  std::vector<torch::Tensor> clips;
  for (const std::pmr::vector<std::uint8_t>& stream : batch.streams) {
    const torch::Tensor pixels =
        torch::from_blob(const_cast<std::uint8_t*>(stream.data()),
                         {count, spec.frame_count, spec.height_px, spec.width_px, 3}, torch::kUInt8);
    clips.push_back(nn::normalise_clips(nn::copied_to(pixels, device), spec));
  }
  return clips;
}

torch::Tensor labels_of(const data::Batch& batch, torch::Device device) {
  return nn::copied_to(torch::from_blob(const_cast<std::int64_t*>(batch.labels.data()),
                                        {static_cast<std::int64_t>(batch.size())}, torch::kInt64),
                       device);
}

std::vector<data::Stream> streams_of(const std::string& text, const std::string& model_id) {
  const models::ModelCard& card = models::card(model_id);
  std::vector<data::Stream> streams;
  if (text.empty()) {
    for (const std::string& name : card.streams) streams.push_back(data::stream_from_name(name));
    return streams;
  }
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t comma = std::min(text.find(',', begin), text.size());
    streams.push_back(data::stream_from_name(text.substr(begin, comma - begin)));
    begin = comma + 1;
  }
  if (static_cast<int>(streams.size()) != card.stream_count()) {
    throw invalid_argument("streams is '" + text + "', wanted " + std::to_string(card.stream_count()) +
                           " for " + model_id);
  }
  return streams;
}

std::string to_text(const std::vector<data::Stream>& streams) {
  std::string text;
  for (const data::Stream stream : streams)
    text += (text.empty() ? "" : ",") + std::string(data::to_string(stream));
  return text;
}

}  // namespace ferv::training
