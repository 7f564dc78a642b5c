// SPDX-License-Identifier: Apache-2.0
#include "ferv/data/batch_loader.h"

#include <algorithm>
#include <condition_variable>
#include <cstdio>
#include <cstring>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>

#include "class_balance.h"
#include "clip_plan.h"
#include "clip_reader.h"
#include "ferv/base/error.h"
#include "ferv/base/parallel.h"
#include "ferv/base/random.h"
#include "ferv/base/stopwatch.h"
#include "ferv/data/test_views.h"
#include "frame_cache.h"

namespace ferv::data {
namespace {

constexpr std::uint64_t kSubstituteAttempts = 16;

void validate(const LoaderOptions& options) {
  ferv::validate(options.spec);
  if (options.batch_size < 1 || options.prefetch_batches < 1)
    throw invalid_argument("batch size and prefetch must be at least 1");
  const int sampled = options.sampling.segment_count * options.sampling.frames_per_segment;
  if (sampled != options.spec.frame_count) {
    throw invalid_argument("sampling gives " + std::to_string(sampled) +
                           " frames (segments x frames_per_segment), the model wants " +
                           std::to_string(options.spec.frame_count));
  }
  if (options.streams.empty()) throw invalid_argument("streams is empty, wanted at least one, e.g. face");
  const std::string& policy = options.bad_data;
  if (policy != "fail" && policy != "skip" && policy != "substitute") {
    throw invalid_argument("bad_data is '" + policy + "', wanted fail, skip or substitute");
  }
  if (!(options.bad_share_max >= 0 && options.bad_share_max <= 1)) {
    throw invalid_argument("bad_share_max is " + std::to_string(options.bad_share_max) + ", wanted 0 to 1");
  }
  if (options.share.count < 1 || options.share.index >= options.share.count ||
      options.share.count > options.batch_size) {
    throw invalid_argument("share " + std::to_string(options.share.index) + " of " +
                           std::to_string(options.share.count) + " of batches of " +
                           std::to_string(options.batch_size) +
                           " clips, wanted an index below the count, and a clip for each");
  }
  validate(options.augmentation);
  (void)test_crop(options.test_crop, options.test_crop_count);
}

/// A batch that is being filled, and what went wrong with its samples.
struct Slot {
  Batch batch;
  std::vector<std::optional<BadClip>> bad;  ///< one a sample; set where the sample's own clip failed
  std::vector<std::exception_ptr> errors;   ///< one a sample; set where nothing could be put into its place
  std::size_t remaining = 0;                ///< samples not finished
};

}  // namespace

struct BatchLoader::State {
  const ClipIndex& index;
  std::vector<std::size_t> positions;
  LoaderOptions options;

  std::mutex mutex;
  std::condition_variable work_changed;   ///< for the workers
  std::condition_variable batch_changed;  ///< for the consumer
  std::vector<Slot> slots;                ///< batch b lives in slot b % slots.size()
  std::vector<std::size_t> order;         ///< positions of this epoch that are of this share
  std::uint64_t epoch = 0;
  std::size_t next_sample = 0;    ///< position in `order` of the next sample to hand out
  std::size_t next_batch = 0;     ///< of the consumer
  std::size_t freed_batches = 0;  ///< batches below this one are consumed: their slots may be filled again
  std::size_t in_flight = 0;      ///< samples that workers hold
  bool running = false;
  bool stopping = false;
  double wait_s = 0;
  std::vector<BadClip> bad_clips;
  std::size_t bad_before = 0;  ///< bad clips of this epoch in batches before the first one given out
  FrameCache cache;
  std::vector<std::jthread> workers;

  State(const ClipIndex& clip_index, std::vector<std::size_t> chosen, LoaderOptions loader_options)
      : index(clip_index),
        positions(std::move(chosen)),
        options(std::move(loader_options)),
        cache(options.cache_bytes) {}

  /// Of an epoch, over all shares.
  [[nodiscard]] std::size_t joint_sample_count() const {
    const std::size_t count = positions.size();
    return options.drop_last ? count / options.batch_size * options.batch_size : count;
  }
  [[nodiscard]] std::size_t batch_count() const {
    return (joint_sample_count() + options.batch_size - 1) / options.batch_size;
  }
  /// First place of part `part` among the `length` clips of a batch.
  [[nodiscard]] std::size_t part_begin(std::size_t length, std::size_t part) const {
    const std::size_t count = options.share.count;
    return part * (length / count) + std::min(part, length % count);
  }
  [[nodiscard]] std::size_t share_begin(std::size_t length) const {
    return part_begin(length, options.share.index);
  }
  [[nodiscard]] std::size_t share_end(std::size_t length) const {
    return part_begin(length, options.share.index + 1);
  }
  /// Of a whole batch; the last batch of an epoch may be shorter.
  [[nodiscard]] std::size_t share_length() const {
    return share_end(options.batch_size) - share_begin(options.batch_size);
  }
  [[nodiscard]] std::size_t sample_count() const { return order.size(); }
  [[nodiscard]] std::size_t batch_begin(std::size_t batch) const {
    return std::min(batch * share_length(), sample_count());
  }
  [[nodiscard]] std::size_t batch_length(std::size_t batch) const {
    return batch_begin(batch + 1) - batch_begin(batch);
  }
  /// Leaves in `order`, which is that of all shares, what this one reads.
  void keep_share() {
    std::vector<std::size_t> own;
    for (std::size_t begin = 0; begin < joint_sample_count(); begin += options.batch_size) {
      const std::size_t length = std::min(options.batch_size, joint_sample_count() - begin);
      const auto batch = order.begin() + static_cast<std::ptrdiff_t>(begin);
      own.insert(own.end(), batch + static_cast<std::ptrdiff_t>(share_begin(length)),
                 batch + static_cast<std::ptrdiff_t>(share_end(length)));
    }
    order = std::move(own);
  }
  [[nodiscard]] std::size_t clip_bytes() const {
    return static_cast<std::size_t>(options.spec.frame_count) *
           static_cast<std::size_t>(options.spec.height_px) *
           static_cast<std::size_t>(options.spec.width_px) * 3;
  }

  void prepare_slot(std::size_t batch) {
    Slot& slot = slots[batch % slots.size()];
    const std::size_t length = batch_length(batch);
    while (slot.batch.streams.size() < options.streams.size())
      slot.batch.streams.emplace_back(options.memory != nullptr ? options.memory
                                                                : std::pmr::new_delete_resource());
    for (auto& pixels : slot.batch.streams) pixels.resize(length * clip_bytes());
    slot.batch.number = batch;
    slot.batch.labels.assign(length, 0);
    slot.batch.positions.assign(length, 0);
    slot.bad.assign(length, std::nullopt);
    slot.errors.assign(length, nullptr);
    slot.remaining = length;
  }

  /// Reads the clip at `position` into place `i` of the slot.
  void read_clip(ClipReader& reader, Slot& slot, std::size_t i, std::size_t position) {
    const Clip& clip = index.clips[position];
    if (clip.frame_count < 1)
      throw not_found(index.face_folder / clip.id, "a folder with frames of this clip");
    const std::uint64_t seed = derive_seed(options.seed, "sample", {epoch, position});
    std::vector<std::uint8_t*> targets;
    for (auto& pixels : slot.batch.streams) targets.push_back(pixels.data() + i * clip_bytes());
    reader.read(position, plan_clip(clip.frame_count, options, seed), targets);
    slot.batch.labels[i] = clip.label;
    slot.batch.positions[i] = position;
  }

  /// Fills one place of a batch, by the policy for bad data. Runs without the lock: places don't overlap.
  void fill(ClipReader& reader, Slot& slot, std::size_t i, std::size_t position) {
    try {
      read_clip(reader, slot, i, position);
      return;
    } catch (const Error& error) {
      slot.bad[i] = BadClip{position, error.what(), slot.batch.number, std::nullopt};
      slot.errors[i] = std::current_exception();
    }
    if (options.bad_data != "substitute") return;
    // Which clip stands in is a function of seed, epoch and position alone: the same after a resume.
    for (std::uint64_t attempt = 0; attempt < kSubstituteAttempts; ++attempt) {
      const std::uint64_t draw = derive_seed(options.seed, "substitute", {epoch, position, attempt});
      try {
        const std::size_t stand_in = positions[draw % positions.size()];
        read_clip(reader, slot, i, stand_in);
        slot.bad[i]->substitute = stand_in;
        slot.errors[i] = nullptr;
        return;
      } catch (const Error&) {
        // The stand-in is bad too; draw again.
      }
    }
  }

  void work() {
    ClipReader reader(index, options.spec, options.streams);
    if (options.cache_bytes > 0) reader.use_cache(cache);
    std::unique_lock lock(mutex);
    while (true) {
      work_changed.wait(lock, [&] {
        return stopping || (running && next_sample < sample_count() &&
                            next_sample / share_length() < freed_batches + slots.size());
      });
      if (stopping) return;
      const std::size_t sample = next_sample++;
      const std::size_t batch = sample / share_length();
      const std::size_t place = sample - batch_begin(batch);
      if (place == 0) prepare_slot(batch);
      Slot& slot = slots[batch % slots.size()];
      const std::size_t position = order[sample];
      ++in_flight;
      lock.unlock();
      std::exception_ptr unexpected;
      try {
        fill(reader, slot, place, position);
      } catch (...) {
        unexpected = std::current_exception();
      }
      lock.lock();
      --in_flight;
      if (unexpected) slot.errors[place] = unexpected;
      --slot.remaining;
      batch_changed.notify_all();
    }
  }

  void start_epoch(std::uint64_t new_epoch, std::size_t first_batch, std::size_t bad_clips_before) {
    std::unique_lock lock(mutex);
    running = false;
    batch_changed.wait(lock, [&] { return in_flight == 0; });
    epoch = new_epoch;
    order = positions;
    if (options.training) {
      Random random(derive_seed(options.seed, "order", {epoch}));
      if (options.class_balanced) {
        order = class_balanced_order(index, positions, random);
      } else {
        random.shuffle(std::span(order));
      }
    }
    keep_share();
    next_batch = first_batch;
    freed_batches = first_batch;
    next_sample = batch_begin(first_batch);
    wait_s = 0;
    bad_clips.clear();
    bad_before = bad_clips_before;
    for (Slot& slot : slots) slot.remaining = 0;
    running = true;
    work_changed.notify_all();
  }

  /// A few bad clips are a nuisance; many are a data set that is not what it should be.
  void enforce_cap() const {
    const std::size_t bad = bad_before + bad_clips.size();
    if (static_cast<double>(bad) <= options.bad_share_max * static_cast<double>(sample_count())) return;
    char share[32];
    std::snprintf(share, sizeof share, "%g", options.bad_share_max);
    throw Error(ErrorKind::kCorruptData, std::to_string(bad) + " of the " + std::to_string(sample_count()) +
                                             " clips of epoch " + std::to_string(epoch) +
                                             " could not be used, bad_share_max allows a share of " + share +
                                             "; the last one: " + bad_clips.back().reason);
  }

  /// Takes out the places that stay empty under "skip"; throws under the other policies.
  void settle(Slot& slot) {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < slot.batch.size(); ++i) {
      if (slot.bad[i]) {
        bad_clips.push_back(*slot.bad[i]);
        if (options.bad_data != "fail") enforce_cap();
      }
      if (slot.errors[i]) {
        if (options.bad_data != "skip" || !slot.bad[i]) std::rethrow_exception(slot.errors[i]);
        continue;
      }
      if (kept != i) {
        for (auto& pixels : slot.batch.streams)
          std::memcpy(pixels.data() + kept * clip_bytes(), pixels.data() + i * clip_bytes(), clip_bytes());
        slot.batch.labels[kept] = slot.batch.labels[i];
        slot.batch.positions[kept] = slot.batch.positions[i];
      }
      ++kept;
    }
    for (auto& pixels : slot.batch.streams) pixels.resize(kept * clip_bytes());
    slot.batch.labels.resize(kept);
    slot.batch.positions.resize(kept);
  }

  const Batch* next() {
    std::unique_lock lock(mutex);
    while (true) {
      // The batch given out last is free now.
      freed_batches = next_batch;
      work_changed.notify_all();
      if (!running || next_batch >= batch_count()) return nullptr;
      Slot& slot = slots[next_batch % slots.size()];
      if (batch_length(next_batch) == 0) {
        prepare_slot(next_batch);  // no worker does: no sample is in it
      } else {
        const TimedSection waiting(wait_s);
        batch_changed.wait(lock, [&] {
          return next_sample >= batch_begin(next_batch) + batch_length(next_batch) && slot.remaining == 0;
        });
      }
      ++next_batch;
      settle(slot);
      if (slot.batch.size() > 0 || options.share.count > 1) return &slot.batch;
    }
  }
};

BatchLoader::BatchLoader(const ClipIndex& index, std::vector<std::size_t> positions, LoaderOptions options)
    : state_(std::make_unique<State>(index, std::move(positions), std::move(options))) {
  validate(state_->options);
  require_stream_folders(index, state_->options.streams);
  // One slot more than are prefetched: the consumer holds one.
  state_->slots.resize(state_->options.prefetch_batches + 1);
  const int threads = state_->options.threads > 0 ? state_->options.threads : available_cores();
  for (int i = 0; i < threads; ++i) state_->workers.emplace_back([state = state_.get()] { state->work(); });
}

BatchLoader::~BatchLoader() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->stopping = true;
  }
  state_->work_changed.notify_all();
  state_->workers.clear();  // joins
}

void BatchLoader::start_epoch(std::uint64_t epoch, std::size_t first_batch, std::size_t bad_before) {
  state_->start_epoch(epoch, first_batch, bad_before);
}

const Batch* BatchLoader::next() {
  return state_->next();
}

std::size_t BatchLoader::batches_per_epoch() const {
  return state_->batch_count();
}

double BatchLoader::wait_s() const {
  const std::lock_guard lock(state_->mutex);
  return state_->wait_s;
}

std::vector<BadClip> BatchLoader::bad_clips() const {
  const std::lock_guard lock(state_->mutex);
  return state_->bad_clips;
}

}  // namespace ferv::data
