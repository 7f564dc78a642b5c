// SPDX-License-Identifier: Apache-2.0
#include "rank_agreement.h"

#include <fmt/format.h>

#include <algorithm>

#include "ferv/base/error.h"

namespace ferv::training {
namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    lines.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return lines;
}

}  // namespace

void require_room_for_ranks(const TrainOptions& options, std::size_t clip_count,
                            const nn::Communicator& communicator) {
  if (communicator.is_alone()) return;
  const std::size_t smallest = std::min(static_cast<std::size_t>(options.batch_size), clip_count);
  if (smallest < static_cast<std::size_t>(communicator.size())) {
    throw invalid_argument(fmt::format(
        "{} processes share batches of {} clips, wanted a clip for each: batch_size is that of all together",
        communicator.size(), smallest));
  }
  if (options.sync_batch_norm && options.bad_data == "skip") {
    throw invalid_argument(
        "sync_batch_norm with bad_data = \"skip\": a rank may be left without a clip that all others wait "
        "for; "
        "use bad_data = \"substitute\"");
  }
}

void require_same_facts(nn::Communicator& communicator, const Facts& facts) {
  for (const auto& [name, value] : facts) {
    const std::vector<std::string> all = communicator.gather(value);
    for (std::size_t rank = 1; rank < all.size(); ++rank) {
      if (all[rank] != all[0])
        throw incompatible(fmt::format("rank {} and rank 0 differ in {}, wanted the same", rank, name));
    }
  }
}

StepDecision decide_together(nn::Communicator& communicator, const StepDecision& own) {
  if (communicator.is_alone()) return own;
  std::vector<double> votes{own.stop ? 1.0 : 0.0, own.save && communicator.is_first() ? 1.0 : 0.0};
  communicator.sum(votes);
  return {.stop = votes[0] > 0, .save = votes[1] > 0};
}

std::vector<std::string> new_bad_clips(nn::Communicator& communicator, const data::BatchLoader& loader,
                                       std::size_t& logged) {
  std::string own;
  const std::vector<data::BadClip> bad = loader.bad_clips();
  for (; logged < bad.size(); ++logged) own += bad[logged].reason + "\n";
  std::vector<std::string> lines;
  for (const std::string& text : communicator.gather(own)) {
    for (const std::string& line : lines_of(text)) lines.push_back(line);
  }
  return lines;
}

void enforce_bad_share(const TrainOptions& options, std::int64_t bad_count, std::size_t clip_count) {
  if (static_cast<double>(bad_count) <= options.bad_share_max * static_cast<double>(clip_count)) return;
  throw corrupt_data(options.data,
                     fmt::format("{} of the {} clips of the epoch could not be used by all ranks "
                                 "together, bad_share_max allows a share of {}",
                                 bad_count, clip_count, options.bad_share_max));
}

void share_progress(nn::Communicator& communicator, Progress& progress,
                    evaluation::ConfusionMatrix& confusion) {
  if (communicator.is_alone()) return;
  const auto real = [](std::int64_t value) { return static_cast<double>(value); };
  const auto whole = [](double value) { return static_cast<std::int64_t>(value); };
  std::vector<double> values{real(progress.epoch),      real(progress.batch),
                             real(progress.step),       progress.loss_sum,
                             real(progress.clip_count), real(progress.bad_count),
                             progress.best_metric,      real(progress.best_epoch),
                             progress.loss_scale.scale, real(progress.loss_scale.good_steps)};
  constexpr std::size_t kProgressValues = 10;
  for (const auto& row : confusion.counts) {
    for (const std::int64_t count : row) values.push_back(real(count));
  }
  communicator.broadcast(values);
  progress = {.epoch = whole(values[0]),
              .batch = whole(values[1]),
              .step = whole(values[2]),
              .loss_sum = values[3],
              .clip_count = whole(values[4]),
              .bad_count = whole(values[5]),
              .best_metric = values[6],
              .best_epoch = whole(values[7]),
              .loss_scale = {.scale = values[8], .good_steps = whole(values[9])}};
  std::size_t next = kProgressValues;
  for (auto& row : confusion.counts) {
    for (std::int64_t& count : row) count = whole(values[next++]);
  }
}

}  // namespace ferv::training
