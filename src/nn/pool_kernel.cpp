// SPDX-License-Identifier: Apache-2.0
#include "pool_kernel.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <utility>

// Vectors are passed between functions that are always inlined: there is no call whose convention could
// matter.
#pragma GCC diagnostic ignored "-Wpsabi"

namespace ferv::nn {
namespace {

/// Sixty-four bytes of whole numbers, and as many bytes as numbers. (`using` loses the attribute of a
/// parameter.)
template <typename Key>
struct Lanes {
  typedef Key Vector __attribute__((vector_size(64)));
  typedef std::uint8_t Bytes __attribute__((vector_size(64 / sizeof(Key))));
};
template <typename Key>
using Vector = typename Lanes<Key>::Vector;
template <typename Key>
constexpr std::int64_t kLanes = 64 / sizeof(Key);

/// Below the key of every value. The smallest number has no opposite.
template <typename Key>
constexpr Key kNothing = -std::numeric_limits<Key>::max();

template <typename Key, typename Value>
FERV_INLINE Vector<Key> load(const Value* from) {
  Vector<Key> lanes;
  std::memcpy(&lanes, from, sizeof lanes);
  return lanes;
}

/// The first `count`: what lies after them is not ours.
template <typename Key, typename Value>
FERV_INLINE Vector<Key> load_some(const Value* from, std::int64_t count) {
  if (count >= kLanes<Key>) return load<Key>(from);
  Vector<Key> lanes{};
  std::memcpy(&lanes, from, static_cast<std::size_t>(count) * sizeof(Value));
  return lanes;
}

template <typename Numbers, typename Value>
FERV_INLINE void store(const Numbers& lanes, Value* to) {
  std::memcpy(to, &lanes, sizeof lanes);
}

template <typename Numbers, typename Value>
FERV_INLINE void store_some(const Numbers& lanes, Value* to, std::int64_t count) {
  const std::size_t size = static_cast<std::size_t>(count) * sizeof(Value);
  if (size >= sizeof lanes) return store(lanes, to);
  std::memcpy(to, &lanes, size);
}

/// Whole numbers in the order of the values that these bits are of, zeros alike; all that is not a number is
/// one number above the others. Of bf16 a vector holds twice as many as of floats.
template <typename Key>
FERV_INLINE Vector<Key> keys_of(const Vector<Key>& bits) {
  constexpr auto kInfinity = static_cast<Key>(Key{0xff} << (8 * sizeof(Key) - 9));
  constexpr auto kNotANumber = static_cast<Key>(kInfinity | (Key{1} << (8 * sizeof(Key) - 10)));
  const Vector<Key> size = bits & std::numeric_limits<Key>::max();
  const Vector<Key> keys = bits < 0 ? -size : size;
  return size > kInfinity ? keys * Key{0} + kNotANumber : keys;
}
template <typename Key>
FERV_INLINE Vector<Key> bits_of(const Vector<Key>& keys) {
  return keys < 0 ? -keys | std::numeric_limits<Key>::min() : keys;
}

/// Every second value from `from` on.
template <typename Key, std::size_t... kLane>
FERV_INLINE Vector<Key> load_every_second(const Key* from, std::index_sequence<kLane...> /*lanes*/) {
  return __builtin_shufflevector(load<Key>(from), load<Key>(from + kLanes<Key>), (2 * kLane)...);
}

/// The keys of windows that lie side by side, at one column of each.
template <std::int64_t kStride, typename Key>
FERV_INLINE Vector<Key> load_column(const Key* from, std::int64_t stride, std::int64_t count) {
  if constexpr (kStride == 1) {
    return load<Key>(from);
  } else if constexpr (kStride == 2) {
    return load_every_second(from, std::make_index_sequence<kLanes<Key>>{});
  } else {
    Vector<Key> lanes{};
    for (std::int64_t i = 0; i < std::min(count, kLanes<Key>); ++i) lanes[i] = from[i * stride];
    return lanes;
  }
}

/// The plane's keys into the room. Rows are written in order, as what goes over the end of one lies in the
/// next.
template <typename Value>
FERV_INLINE void fill(const Value* input, const PlanePool& pool, PoolRoom<Value>& room) {
  using Key = typename PoolRoom<Value>::Key;
  // Where the windows do not reach the end of the plane, its last rows and columns are left out.
  const std::int64_t rows = std::min(pool.height, pool.padded_height() - pool.padding_height);
  const std::int64_t columns = std::min(pool.width, pool.padded_width() - pool.padding_width);
  Vector<Key> lane;
  for (std::int64_t i = 0; i < kLanes<Key>; ++i) lane[i] = static_cast<Key>(i);
  Key* inner = room.padded.data() + pool.padding_height * pool.padded_width() + pool.padding_width;
  for (std::int64_t y = 0; y < rows; ++y) {
    for (std::int64_t x = 0; x < columns; x += kLanes<Key>) {
      const std::int64_t begin = y * pool.width + x;
      Vector<Key> keys = keys_of<Key>(load_some<Key>(input + begin, pool.height * pool.width - begin));
      const std::int64_t rest = std::min(columns - x, kLanes<Key>);
      keys = lane < static_cast<Key>(rest) ? keys : keys * Key{0} + kNothing<Key>;
      store(keys, inner + y * pool.padded_width() + x);
    }
  }
}

/// Of `count` windows along a row: the largest of each one's keys, and which it was.
template <std::int64_t kStride, typename Key>
FERV_INLINE void look_along(const Key* from, const PlanePool& pool, std::int64_t count, Key* best,
                            Key* taken) {
  const std::int64_t step = kStride > 0 ? kStride : pool.stride_width;
  for (std::int64_t x = 0; x < count; x += kLanes<Key>) {
    Vector<Key> largest = load_column<kStride>(from + x * step, step, count - x);
    Vector<Key> place{};
    for (std::int64_t tap = 1; tap < pool.window_width; ++tap) {
      const Vector<Key> keys = load_column<kStride>(from + x * step + tap, step, count - x);
      const Vector<Key> is_larger = keys > largest;
      largest = is_larger ? keys : largest;
      place = is_larger ? Vector<Key>{} + static_cast<Key>(tap) : place;
    }
    store(largest, best + x);
    store(place, taken + x);
  }
}

/// Of what was found along the rows of `count` windows, each row `distance` from the next: the largest, and
/// its place in the window.
template <typename Key>
FERV_INLINE void look_down(const Key* from, const Key* from_taken, const PlanePool& pool,
                           std::int64_t distance, std::int64_t count, Key* best, Key* taken) {
  for (std::int64_t x = 0; x < count; x += kLanes<Key>) {
    Vector<Key> largest = load<Key>(from + x);
    Vector<Key> place = load<Key>(from_taken + x);
    for (std::int64_t tap = 1; tap < pool.window_height; ++tap) {
      const Vector<Key> keys = load<Key>(from + tap * distance + x);
      const Vector<Key> columns = load<Key>(from_taken + tap * distance + x);
      const Vector<Key> is_larger = keys > largest;
      largest = is_larger ? keys : largest;
      place = is_larger ? columns + static_cast<Key>(tap * pool.window_width) : place;
    }
    store(largest, best + x);
    store(place, taken + x);
  }
}

/// From the room to the output, in order, and not a byte past its end: what lies there is another thread's.
template <typename Value>
FERV_INLINE void take_out(const PlanePool& pool, const PoolRoom<Value>& room, Value* output,
                          std::uint8_t* places) {
  using Key = typename PoolRoom<Value>::Key;
  using Bytes = typename Lanes<Key>::Bytes;
  for (std::int64_t y = 0; y < pool.out_height; ++y) {
    for (std::int64_t x = 0; x < pool.out_width; x += kLanes<Key>) {
      const std::int64_t begin = y * pool.out_width + x;
      const std::int64_t rest = pool.out_height * pool.out_width - begin;
      store_some(bits_of<Key>(load<Key>(room.best.data() + y * room.row_distance + x)), output + begin, rest);
      store_some(__builtin_convertvector(load<Key>(room.taken.data() + y * room.row_distance + x), Bytes),
                 places + begin, rest);
    }
  }
}

template <typename Value>
FERV_INLINE void pool_one(const Value* input, const PlanePool& pool, PoolRoom<Value>& room, Value* output,
                          std::uint8_t* places) {
  fill(input, pool, room);
  const auto* along = room.is_narrow ? room.padded.data() : room.along.data();
  for (std::int64_t run = 0; run < room.along_runs.count && !room.is_narrow; ++run) {
    const auto* from = room.padded.data() + run * pool.padded_width();
    const std::int64_t length = room.along_runs.length;
    auto* best = room.along.data() + run * length;
    auto* taken = room.along_taken.data() + run * length;
    if (pool.stride_width == 1) {
      look_along<1>(from, pool, length, best, taken);
    } else if (pool.stride_width == 2) {
      look_along<2>(from, pool, length, best, taken);
    } else {
      look_along<0>(from, pool, length, best, taken);
    }
  }
  for (std::int64_t run = 0; run < room.down_runs.count; ++run) {
    const std::int64_t first = run * pool.stride_height * room.row_distance;
    const std::int64_t length = room.down_runs.length;
    look_down(along + first, room.along_taken.data() + first, pool, room.row_distance, length,
              room.best.data() + run * length, room.taken.data() + run * length);
  }
  take_out(pool, room, output, places);
}

template <typename Value>
FERV_INLINE void unpool_one(const Value* gradient, const std::uint8_t* places, const PlanePool& pool,
                            UnpoolRoom& room, Value* result) {
  const std::int64_t padded_width = pool.padded_width();
  std::fill(room.padded.begin(), room.padded.end(), 0.0F);
  // Where each place of a window lies from its first one.
  std::int64_t offsets[256];
  for (std::int64_t place = 0; place < pool.window_height * pool.window_width; ++place)
    offsets[place] = place / pool.window_width * padded_width + place % pool.window_width;
  for (std::int64_t y = 0; y < pool.out_height; ++y) {
    float* corner = room.padded.data() + y * pool.stride_height * padded_width;
    for (std::int64_t x = 0; x < pool.out_width; ++x, corner += pool.stride_width)
      corner[offsets[places[x]]] += as_float(gradient[x]);
    gradient += pool.out_width;
    places += pool.out_width;
  }
  const float* inner = room.padded.data() + pool.padding_height * padded_width + pool.padding_width;
  const std::int64_t rows = std::min(pool.height, pool.padded_height() - pool.padding_height);
  const std::int64_t columns = std::min(pool.width, padded_width - pool.padding_width);
  for (std::int64_t y = 0; y < pool.height; ++y, result += pool.width) {
    const std::int64_t reached = y < rows ? columns : 0;
    for (std::int64_t x = 0; x < reached; ++x) store_float(inner[y * padded_width + x], result[x]);
    for (std::int64_t x = reached; x < pool.width; ++x) store_float(0.0F, result[x]);
  }
}

}  // namespace

template <typename Value>
PoolRoom<Value>::PoolRoom(const PlanePool& pool) {
  const std::int64_t padded_count = pool.padded_height() * pool.padded_width();
  const bool is_dense = pool.stride_height == 1 && pool.stride_width == 1;
  is_narrow = pool.window_width == 1 && pool.stride_width == 1;
  if (is_dense) {
    row_distance = pool.padded_width();
    along_runs = {1, padded_count - pool.window_width + 1};
    down_runs = {1, (pool.out_height - 1) * row_distance + pool.out_width};
  } else {
    row_distance = pool.out_width;
    along_runs = {pool.padded_height(), pool.out_width};
    down_runs = {pool.out_height, pool.out_width};
  }
  // Vectors go over the end of a run, at every second value twice as far.
  constexpr std::int64_t kOver = 4 * kLanes<Key>;
  const auto along_count = static_cast<std::size_t>(along_runs.count * along_runs.length + kOver);
  padded.assign(static_cast<std::size_t>(padded_count + kOver), kNothing<Key>);
  if (!is_narrow) along.resize(along_count);
  along_taken.assign(along_count, 0);
  best.resize(static_cast<std::size_t>(down_runs.count * down_runs.length + kOver));
  taken.resize(best.size());
}
template struct PoolRoom<float>;
template struct PoolRoom<Brain16>;

FERV_FOR_EACH_PROCESSOR void pool_plane(const float* input, const PlanePool& pool, PoolRoom<float>& room,
                                        float* output, std::uint8_t* places) {
  pool_one(input, pool, room, output, places);
}
FERV_FOR_EACH_PROCESSOR void pool_plane(const Brain16* input, const PlanePool& pool, PoolRoom<Brain16>& room,
                                        Brain16* output, std::uint8_t* places) {
  pool_one(input, pool, room, output, places);
}

FERV_FOR_EACH_PROCESSOR void unpool_plane(const float* gradient, const std::uint8_t* places,
                                          const PlanePool& pool, UnpoolRoom& room, float* result) {
  unpool_one(gradient, places, pool, room, result);
}
FERV_FOR_EACH_PROCESSOR void unpool_plane(const Brain16* gradient, const std::uint8_t* places,
                                          const PlanePool& pool, UnpoolRoom& room, Brain16* result) {
  unpool_one(gradient, places, pool, room, result);
}

}  // namespace ferv::nn
