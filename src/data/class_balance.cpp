// SPDX-License-Identifier: Apache-2.0
#include "class_balance.h"

#include <numeric>
#include <span>

namespace ferv::data {
namespace {

/// The clips of one class, dealt out and shuffled anew when all have been.
class Deck {
 public:
  void add(std::size_t position) { cards_.push_back(position); }
  [[nodiscard]] bool empty() const { return cards_.empty(); }
  std::size_t deal(Random& random) {
    if (next_ == 0) random.shuffle(std::span(cards_));
    const std::size_t card = cards_[next_];
    next_ = (next_ + 1) % cards_.size();
    return card;
  }

 private:
  std::vector<std::size_t> cards_;
  std::size_t next_ = 0;
};

}  // namespace

std::vector<std::size_t> class_balanced_order(const ClipIndex& index,
                                              const std::vector<std::size_t>& positions, Random& random) {
  std::vector<Deck> decks(index.classes.size());
  for (const std::size_t position : positions)
    decks[static_cast<std::size_t>(index.clips[position].label)].add(position);
  std::erase_if(decks, [](const Deck& deck) { return deck.empty(); });
  std::vector<std::size_t> round(decks.size());
  std::iota(round.begin(), round.end(), std::size_t{0});
  std::vector<std::size_t> order;
  order.reserve(positions.size());
  while (order.size() < positions.size()) {
    // One of each class, the classes in another order every time.
    random.shuffle(std::span(round));
    for (const std::size_t deck : round) {
      if (order.size() < positions.size()) order.push_back(decks[deck].deal(random));
    }
  }
  return order;
}

}  // namespace ferv::data
