// SPDX-License-Identifier: Apache-2.0
#include "pool_kernel.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <memory>

#include "ferv/base/random.h"

namespace ferv::nn {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

std::int64_t output_size(std::int64_t size, std::int64_t window, std::int64_t stride, std::int64_t padding) {
  const std::int64_t rest = size + 2 * padding - window;
  return rest < 0 ? 0 : rest / stride + 1;
}

/// A plane and a window that fits it; of every tenth the plane is wider than a vector of values.
PlanePool random_pool(Random& random) {
  const auto draw = [&](std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(high - low + 1)));
  };
  for (;;) {
    const bool is_large = draw(0, 9) == 0;
    PlanePool pool{};
    pool.height = draw(1, is_large ? 40 : 12);
    pool.width = draw(1, is_large ? 90 : 20);
    pool.window_height = draw(1, 4);
    pool.window_width = draw(1, 4);
    pool.stride_height = draw(1, 3);
    pool.stride_width = draw(1, 3);
    pool.padding_height = draw(0, pool.window_height / 2);
    pool.padding_width = draw(0, pool.window_width / 2);
    pool.out_height = output_size(pool.height, pool.window_height, pool.stride_height, pool.padding_height);
    pool.out_width = output_size(pool.width, pool.window_width, pool.stride_width, pool.padding_width);
    if (pool.out_height > 0 && pool.out_width > 0) return pool;
  }
}

struct Found {
  float value = -kInfinity;
  int place = -1;
};

/// The definition, written out.
template <typename Value>
Found largest_of_window(const Value* input, const PlanePool& pool, std::int64_t row, std::int64_t column) {
  Found found;
  for (std::int64_t tap = 0; tap < pool.window_height * pool.window_width; ++tap) {
    const std::int64_t y = row * pool.stride_height - pool.padding_height + tap / pool.window_width;
    const std::int64_t x = column * pool.stride_width - pool.padding_width + tap % pool.window_width;
    if (y < 0 || y >= pool.height || x < 0 || x >= pool.width) continue;
    const float value = as_float(input[y * pool.width + x]);
    if (found.place < 0 || value > found.value) found = {value, static_cast<int>(tap)};
  }
  return found;
}

/// Few different values, so that there are ties; exact in bf16. Memory of the planes' own sizes, so that
/// AddressSanitizer sees a step outside.
template <typename Value>
void expect_the_definition(const PlanePool& pool, Random& random) {
  const std::int64_t count = pool.out_height * pool.out_width;
  const auto input = std::make_unique<Value[]>(static_cast<std::size_t>(pool.height * pool.width));
  const auto gradient = std::make_unique<Value[]>(static_cast<std::size_t>(pool.height * pool.width));
  const auto output = std::make_unique<Value[]>(static_cast<std::size_t>(count));
  const auto places = std::make_unique<std::uint8_t[]>(static_cast<std::size_t>(count));
  PoolRoom<Value> room(pool);
  UnpoolRoom unpool_room(pool);
  for (int plane = 0; plane < 2; ++plane) {  // the second finds in the room what the first has left
    for (std::int64_t i = 0; i < pool.height * pool.width; ++i) {
      const auto number = static_cast<float>(random.below(9)) / 2 - 2;
      store_float(random.below(40) == 0 ? -kInfinity : number, input[static_cast<std::size_t>(i)]);
    }
    pool_plane(input.get(), pool, room, output.get(), places.get());
    float outputs_sum = 0, gradients_sum = 0;
    for (std::int64_t i = 0; i < count; ++i) {
      const auto at = static_cast<std::size_t>(i);
      const Found wanted = largest_of_window(input.get(), pool, i / pool.out_width, i % pool.out_width);
      ASSERT_EQ(as_float(output[at]), wanted.value) << "output " << i;
      ASSERT_EQ(places[at], wanted.place) << "output " << i;
      store_float(1, output[at]);
      outputs_sum += 1;
    }
    unpool_plane(output.get(), places.get(), pool, unpool_room, gradient.get());
    for (std::int64_t i = 0; i < pool.height * pool.width; ++i)
      gradients_sum += as_float(gradient[static_cast<std::size_t>(i)]);
    ASSERT_EQ(gradients_sum, outputs_sum) << "of each output one place";
  }
}

TEST(PoolPlane, FindsTheFirstOfTheLargestOfEveryWindow) {
  Random random(7);
  for (int i = 0; i < 1500; ++i) {
    const PlanePool pool = random_pool(random);
    SCOPED_TRACE(testing::Message() << pool.height << " x " << pool.width << ", window " << pool.window_height
                                    << " x " << pool.window_width << ", stride " << pool.stride_height
                                    << " x " << pool.stride_width << ", padding " << pool.padding_height
                                    << " x " << pool.padding_width);
    expect_the_definition<float>(pool, random);
    expect_the_definition<Brain16>(pool, random);
    if (testing::Test::HasFatalFailure()) return;
  }
}

TEST(PoolPlane, TakesWhatIsNotANumberForTheLargest) {
  const PlanePool pool{.height = 1,
                       .width = 4,
                       .window_height = 1,
                       .window_width = 2,
                       .stride_height = 1,
                       .stride_width = 2,
                       .padding_height = 0,
                       .padding_width = 0,
                       .out_height = 1,
                       .out_width = 2};
  PoolRoom<Brain16> room(pool);
  const Brain16 input[4] = {{0xffc1}, {0x7f80}, {0x3f80}, {0x7f81}};  // -NaN, infinity, 1, NaN
  Brain16 output[2];
  std::uint8_t places[2];
  pool_plane(input, pool, room, output, places);
  EXPECT_TRUE(std::isnan(as_float(output[0])));
  EXPECT_EQ(places[0], 0);
  EXPECT_TRUE(std::isnan(as_float(output[1])));
  EXPECT_EQ(places[1], 1);
}

}  // namespace
}  // namespace ferv::nn
