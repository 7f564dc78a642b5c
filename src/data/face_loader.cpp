// SPDX-License-Identifier: Apache-2.0
#include "ferv/data/face_loader.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <condition_variable>
#include <cstring>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>

#include "ferv/base/error.h"
#include "ferv/base/parallel.h"
#include "ferv/base/random.h"
#include "ferv/base/stopwatch.h"

namespace ferv::data {
namespace {

void validate(const FaceLoaderOptions& options) {
  if (options.size_px < 1 || options.size_px > 4096 || options.batch_size < 1 || options.prefetch_batches < 1)
    throw invalid_argument(
        "size, batch size and prefetch of faces must be at least 1, the size at most 4096");
  if (!(options.crop > 0 && options.crop <= 1)) throw invalid_argument("crop must be in (0, 1]");
  if (options.augmentation.zoom_max < 1 || options.augmentation.stretch_max < 1)
    throw invalid_argument("zoom_max and stretch_max must be at least 1");
  if (options.bad_data != "fail" && options.bad_data != "skip")
    throw invalid_argument("bad_data is '" + options.bad_data + "', wanted fail or skip");
}

/// Everything about a sample that its seed decides.
struct FacePlan {
  double zoom = 1;
  double log_ratio = 0;
  double shift_x = 0;  ///< as shares of the cut
  double shift_y = 0;
  bool flip = false;
  double brightness = 0;
  double contrast = 1;
  bool grey = false;
};

FacePlan plan_face(const FaceAugmentation& augmentation, std::uint64_t seed) {
  // Every number is drawn whatever the options say: switching one off leaves the others as they were.
  Random random(seed);
  FacePlan plan;
  plan.zoom = std::exp(random.uniform(-1.0, 1.0) * std::log(augmentation.zoom_max));
  plan.log_ratio = random.uniform(-1.0, 1.0) * std::log(augmentation.stretch_max);
  plan.shift_x = random.uniform(-1.0, 1.0) * augmentation.shift_max;
  plan.shift_y = random.uniform(-1.0, 1.0) * augmentation.shift_max;
  plan.flip = random.chance(augmentation.flip_probability);
  plan.brightness = random.uniform(-1.0, 1.0) * augmentation.brightness_max;
  plan.contrast = 1.0 + random.uniform(-1.0, 1.0) * augmentation.contrast_max;
  plan.grey = random.chance(augmentation.grey_probability);
  return plan;
}

media::Rectangle cut_of(const media::Image& image, const FacePlan& plan, double crop) {
  const double side = crop * plan.zoom * std::min(image.width_px, image.height_px);
  media::Rectangle box;
  box.width = side * std::exp(plan.log_ratio / 2);
  box.height = side * std::exp(-plan.log_ratio / 2);
  box.left = (image.width_px - box.width) / 2 + plan.shift_x * box.width;
  box.top = (image.height_px - box.height) / 2 + plan.shift_y * box.height;
  return box;
}

void tint(std::span<std::uint8_t> pixels, const FacePlan& plan) {
  if (plan.grey) {
    for (std::size_t i = 0; i + 2 < pixels.size(); i += 3) {
      // ITU-R BT.601, as JPEG's own grey.
      const int grey = (299 * pixels[i] + 587 * pixels[i + 1] + 114 * pixels[i + 2] + 500) / 1000;
      std::fill_n(pixels.begin() + static_cast<std::ptrdiff_t>(i), 3, static_cast<std::uint8_t>(grey));
    }
  }
  if (plan.brightness == 0 && plan.contrast == 1) return;
  std::array<std::uint8_t, 256> table{};
  for (int v = 0; v < 256; ++v) {
    const double value = (v - 127.5) * plan.contrast + 127.5 + 255 * plan.brightness;
    table[static_cast<std::size_t>(v)] =
        static_cast<std::uint8_t>(std::lround(std::clamp(value, 0.0, 255.0)));
  }
  for (std::uint8_t& pixel : pixels) pixel = table[pixel];
}

/// A batch that is filled or ready.
struct FaceSlot {
  FaceBatch batch;
  std::vector<std::string> bad;
  std::exception_ptr error;
};

}  // namespace

struct FaceLoader::State {
  const FaceSet& set;
  FaceReader reader;
  std::vector<std::size_t> positions;
  FaceLoaderOptions options;

  std::vector<FaceSlot> slots;     ///< batch b lives in slot b % slots.size()
  std::vector<std::size_t> order;  ///< positions of this epoch
  std::uint64_t epoch = 0;
  double wait_s = 0;
  std::vector<std::string> bad_faces;

  std::mutex mutex;
  std::condition_variable changed;
  std::size_t next_batch = 0;   ///< of the consumer
  std::size_t ready_count = 0;  ///< batches below this one are filled
  std::size_t freed_count = 0;  ///< batches below this one are consumed
  bool stopping = false;
  std::jthread producer;

  State(const FaceSet& faces, std::vector<std::size_t> chosen, FaceLoaderOptions loader_options)
      : set(faces), reader(faces), positions(std::move(chosen)), options(std::move(loader_options)) {}

  [[nodiscard]] std::size_t batch_count() const {
    const std::size_t whole = positions.size() / options.batch_size;
    return options.drop_last || positions.size() % options.batch_size == 0 ? whole : whole + 1;
  }
  [[nodiscard]] std::size_t picture_bytes() const {
    return static_cast<std::size_t>(options.size_px) * static_cast<std::size_t>(options.size_px) * 3;
  }

  void read_face(std::size_t position, std::uint8_t* target) const {
    const media::Image image = reader.read(position);
    FacePlan plan;
    plan.grey = options.augmentation.grey_probability == 1;
    if (options.training)
      plan = plan_face(options.augmentation, derive_seed(options.seed, "face", {epoch, position}));
    const media::ResizeOptions resize{
        .width_px = options.size_px, .height_px = options.size_px, .flip = plan.flip};
    media::Resizer(image.width_px, image.height_px, cut_of(image, plan, options.crop), resize)
        .apply(image, target);
    tint({target, picture_bytes()}, plan);
  }

  void fill(FaceSlot& slot, std::size_t number) const {
    const std::size_t begin = number * options.batch_size;
    const std::size_t count = std::min(options.batch_size, order.size() - begin);
    slot.batch.number = number;
    slot.batch.pixels.resize(count * picture_bytes());
    slot.batch.labels.assign(count, 0);
    slot.batch.positions.assign(count, 0);
    slot.bad.clear();
    slot.error = nullptr;
    std::vector<std::optional<std::string>> faults(count);
    parallel_for(count, options.threads, [&](std::size_t i) {
      const std::size_t position = order[begin + i];
      slot.batch.positions[i] = position;
      slot.batch.labels[i] = set.faces[position].label;
      try {
        read_face(position, slot.batch.pixels.data() + i * picture_bytes());
      } catch (const Error& error) {
        if (options.bad_data != "skip") throw;
        faults[i] = error.what();
      }
    });
    take_out(slot, faults);
  }

  void take_out(FaceSlot& slot, const std::vector<std::optional<std::string>>& faults) const {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < faults.size(); ++i) {
      if (faults[i]) {
        slot.bad.push_back(*faults[i]);
        continue;
      }
      if (kept != i) {
        std::memcpy(slot.batch.pixels.data() + kept * picture_bytes(),
                    slot.batch.pixels.data() + i * picture_bytes(), picture_bytes());
        slot.batch.labels[kept] = slot.batch.labels[i];
        slot.batch.positions[kept] = slot.batch.positions[i];
      }
      ++kept;
    }
    slot.batch.pixels.resize(kept * picture_bytes());
    slot.batch.labels.resize(kept);
    slot.batch.positions.resize(kept);
  }

  void produce(std::size_t first_batch) {
    for (std::size_t number = first_batch; number < batch_count(); ++number) {
      FaceSlot& slot = slots[number % slots.size()];
      {
        std::unique_lock lock(mutex);
        changed.wait(lock, [&] { return stopping || number < freed_count + slots.size(); });
        if (stopping) return;
      }
      try {
        fill(slot, number);
      } catch (...) {
        slot.error = std::current_exception();
      }
      const std::lock_guard lock(mutex);
      ready_count = number + 1;
      changed.notify_all();
      if (slot.error) return;
    }
  }

  void stop() {
    {
      const std::lock_guard lock(mutex);
      stopping = true;
    }
    changed.notify_all();
    if (producer.joinable()) producer.join();
  }

  void start_epoch(std::uint64_t new_epoch, std::size_t first_batch) {
    stop();
    stopping = false;
    epoch = new_epoch;
    order = positions;
    if (options.training) Random(derive_seed(options.seed, "order", {epoch})).shuffle(std::span(order));
    next_batch = ready_count = freed_count = first_batch;
    wait_s = 0;
    bad_faces.clear();
    producer = std::jthread([this, first_batch] { produce(first_batch); });
  }

  const FaceBatch* next() {
    std::unique_lock lock(mutex);
    while (true) {
      // The batch given out last is free now.
      freed_count = next_batch;
      changed.notify_all();
      if (next_batch >= batch_count()) return nullptr;
      {
        const TimedSection waiting(wait_s);
        changed.wait(lock, [&] { return ready_count > next_batch; });
      }
      FaceSlot& slot = slots[next_batch % slots.size()];
      if (slot.error) std::rethrow_exception(slot.error);
      ++next_batch;
      bad_faces.insert(bad_faces.end(), slot.bad.begin(), slot.bad.end());
      if (slot.batch.size() > 0) return &slot.batch;
    }
  }
};

FaceLoader::FaceLoader(const FaceSet& set, std::vector<std::size_t> positions, FaceLoaderOptions options)
    : state_(std::make_unique<State>(set, std::move(positions), std::move(options))) {
  validate(state_->options);
  // One slot more than are prefetched: the consumer holds one.
  state_->slots.resize(state_->options.prefetch_batches + 1);
  state_->next_batch = state_->batch_count();
}

FaceLoader::~FaceLoader() {
  state_->stop();
}

void FaceLoader::start_epoch(std::uint64_t epoch, std::size_t first_batch) {
  state_->start_epoch(epoch, first_batch);
}

const FaceBatch* FaceLoader::next() {
  return state_->next();
}

std::size_t FaceLoader::batches_per_epoch() const {
  return state_->batch_count();
}

double FaceLoader::wait_s() const {
  return state_->wait_s;
}

const std::vector<std::string>& FaceLoader::bad_faces() const {
  return state_->bad_faces;
}

}  // namespace ferv::data
