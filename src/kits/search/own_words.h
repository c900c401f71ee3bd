// SPDX-License-Identifier: EUPL-1.2
// Words that an overlay has and its base does not. Immutable; a newer version is made from an older one and shares its
// words. Levels join like the carry of a number, so that adding a word costs the logarithm of how many there are.
// Inside this kit only.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace verbund::search {

struct OwnWord {
  std::string text, shown, stem_text;
  std::uint32_t stem = 0;              // a list number of the overlay's own
  std::vector<std::uint32_t> parts;    // stem of the base * 2 + leaf
  bool strong = false;
  std::uint32_t signature = 0;         // NearIndex::signature, with the length
};

class OwnWords {
 public:
  static constexpr std::size_t most_words = 65'536;   // Limit: further ones are not learnt
  static constexpr std::size_t most_given = 8;

  // At most most_given words.
  struct Few {
    std::array<const OwnWord*, most_given> at{};
    std::size_t count = 0;
    const OwnWord* const* begin() const { return at.data(); }
    const OwnWord* const* end() const { return at.data() + count; }
  };

  std::size_t size() const { return words_; }
  std::uint32_t stems() const { return stems_; }
  const OwnWord* find(std::string_view text) const;
  std::optional<std::uint32_t> find_stem(std::string_view stem) const;
  // Those that begin so, the first ones by text.
  Few with_prefix(std::string_view prefix) const;
  // Strong ones at distance 1, the first ones by text.
  Few corrections(std::string_view folded) const;
  // Calls each(word) for those with this list number; a word is given once.
  template <typename Each>
  void each_of_stem(std::uint32_t stem, const Each& each) const {
    for (const auto& level : levels_) {
      const auto begin = level->first_of(stem);
      for (auto at = begin; at < level->by_stem.size() && level->words[level->by_stem[at]]->stem == stem; ++at) {
        const OwnWord& word = *level->words[level->by_stem[at]];
        if (find(word.text) == &word) each(word);   // not an older state of it
      }
    }
  }
  std::size_t bytes() const;

  // Words being added. Not for several threads.
  class Additions {
   public:
    explicit Additions(std::shared_ptr<const OwnWords> before) : before_(std::move(before)) {}
    const OwnWord* find(std::string_view text) const;
    // Not found so far; `word.stem` is filled in: that of another word with the same stem, or `first_stem` + a new number.
    // nullptr: no room.
    const OwnWord* add(OwnWord word, std::uint32_t first_stem);
    // Says that a word is strong, and how people write it unless that is known.
    void mark(const OwnWord& word, bool strong, std::string_view shown);
    template <typename Each>
    void each_of_stem(std::uint32_t stem, const Each& each) const {
      before_->each_of_stem(stem, [&](const OwnWord& word) {
        if (!added_.contains(word.text)) each(word);
      });
      for (const auto& [text, word] : added_) {
        if (word->stem == stem) each(*word);
      }
    }
    std::shared_ptr<const OwnWords> finish();   // the version before if nothing came

   private:
    std::shared_ptr<const OwnWords> before_;
    std::map<std::string_view, std::shared_ptr<OwnWord>> added_;     // by their texts
    std::map<std::string_view, std::uint32_t> stems_;                // new ones
    std::size_t new_words_ = 0;
  };

 private:
  using Shared = std::shared_ptr<const OwnWord>;
  struct Level {
    std::vector<Shared> words;                  // by text
    std::vector<std::uint32_t> by_stem;         // places in words, by list number
    std::vector<std::uint32_t> by_stem_text;    // places in words
    std::vector<std::uint32_t> signatures;      // of words; 0: not strong
    std::size_t first_of(std::uint32_t stem) const;
  };
  static std::shared_ptr<const Level> make_level(std::vector<Shared> words);
  static std::vector<Shared> joined(const std::vector<Shared>& older, const std::vector<Shared>& newer);

  std::vector<std::shared_ptr<const Level>> levels_;   // oldest first; of equal texts the newer one counts
  std::size_t words_ = 0;
  std::uint32_t stems_ = 0;
};

}  // namespace verbund::search
