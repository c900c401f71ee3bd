// SPDX-License-Identifier: EUPL-1.2
// From the words of one document to what the index keeps of it. The builder and the overlay use the same, so that both
// give the same numbers. Inside this kit only.
#pragma once

#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "kits/search/dictionary.h"
#include "kits/search/rules.h"
#include "kits/search/text_index.h"

namespace verbund::search {

struct PreparedEntry {
  std::uint32_t list;        // stem or prefix list
  std::uint8_t impact, field;
};
struct PreparedPhrase {
  std::uint64_t key;
  std::uint32_t boost;
};
struct Prepared {
  std::vector<PreparedEntry> entries;    // by list
  std::vector<PreparedPhrase> phrases;   // by key, distinct
};

// Keys of phrases: over the stems of its words, and over its atoms (compounds as their leaves); any order, 0 for none.
std::uint64_t stems_key(std::span<std::uint32_t> stems);    // sorts
std::uint64_t atoms_key(std::span<std::uint32_t> atoms);    // sorts
inline constexpr std::uint32_t atoms_weight = 218;          // of 256: "Fahrzeugabmeldung" for "Fahrzeug abmelden"

// What each word counts as: its stem, its parts (stem * 2 + leaf).
struct WordParts {
  std::uint32_t stem = none;
  std::span<const std::uint32_t> parts;
};

// The synonyms of the rules by the stems they are about.
class SynonymTable {
 public:
  SynonymTable(const Rules& rules, const Dictionary& words);
  struct Fit {
    std::uint32_t synonym;
    std::uint8_t field;
    float boost;
  };
  // Synonyms that fit a phrase of this kind with these atoms (sorted, distinct); each may come several times.
  void fits(const PhraseKind& kind, std::span<const std::uint32_t> atoms, std::vector<Fit>& out) const;
  struct Known {
    std::vector<std::uint32_t> forms;
  };
  const std::vector<std::uint32_t>& forms(std::uint32_t synonym) const { return forms_[synonym]; }

 private:
  struct Meant {
    std::uint32_t synonym;
    float sure;                             // the first meanings are the best ones
    std::uint32_t begin, end;               // atoms
  };
  std::vector<std::vector<std::uint32_t>> forms_;
  std::vector<Meant> meant_;
  std::vector<std::uint32_t> atoms_;
  std::unordered_map<std::uint32_t, std::vector<std::uint32_t>> by_first_;   // smallest atom -> meant
};

class Preparer {
 public:
  // `shares(stem)`: the prefix lists a stem counts in.
  Preparer(const Rules& rules, const Dictionary& words, const SynonymTable& synonyms, std::span<const float> mean_length)
      : rules_(rules), words_(words), synonyms_(synonyms), mean_length_(mean_length) {}

  void begin();
  void add(const WordParts& word, std::size_t field);
  void add_phrase(std::size_t kind, std::span<const WordParts> words);
  // Length of each field so far, in words.
  std::span<const std::uint32_t> lengths() const { return lengths_; }
  // Adds what the synonyms give, then computes. `shares_of(stem)` gives a span of PrefixShare.
  template <typename SharesOf>
  void finish(const SharesOf& shares_of, Prepared& out) {
    add_synonyms();
    impacts(out);
    const std::size_t stems = out.entries.size();
    for (std::size_t i = 0; i < stems; ++i) {
      const PreparedEntry entry = out.entries[i];
      if (entry.impact < TextIndex::prefix_floor) continue;
      for (const TextIndex::PrefixShare& share : shares_of(entry.list)) {
        const std::uint32_t impact = entry.impact * share.weight >> 8;
        if (impact > 0) out.entries.push_back({share.list, static_cast<std::uint8_t>(impact), entry.field});
      }
    }
    settle(out);
  }

 private:
  struct Slot {
    std::uint64_t key = 0;     // stem * 16 + field + 1
    std::uint32_t tf = 0;      // in twentieths
  };
  void count(std::uint32_t stem, std::size_t field, std::uint32_t tf);
  void add_synonyms();
  void impacts(Prepared& out);
  static void settle(Prepared& out);
  void key_phrase(std::vector<std::uint32_t> stems, std::vector<std::uint32_t> atoms, float boost);

  const Rules& rules_;
  const Dictionary& words_;
  const SynonymTable& synonyms_;
  std::span<const float> mean_length_;
  std::vector<Slot> slots_;
  std::vector<std::uint32_t> used_;
  std::vector<std::uint32_t> lengths_;
  struct PhraseAtoms {
    std::size_t kind;
    std::vector<std::uint32_t> atoms;
  };
  std::vector<PhraseAtoms> phrase_atoms_;
  std::size_t phrase_count_ = 0;
  std::vector<PreparedPhrase> keys_;
  std::vector<SynonymTable::Fit> fits_;
};

}  // namespace verbund::search
