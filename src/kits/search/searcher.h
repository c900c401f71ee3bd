// SPDX-License-Identifier: EUPL-1.2
// Words of a query to documents, best first. No allocation once a Scratch is warm; no locks; any number of threads, each
// with a Scratch of its own.
//
// What a word of the query may stand for (alternatives, each with a weight of 256): its stem (256); another reading given
// with it (160); itself joined with a neighbour, "personal ausweis" (230); while it is being typed, the words it may
// become (205 times the root of the share typed); all parts of a compound together (192); near misses if it is unknown
// or stands only where words weigh little (180 at distance 1, 115 at 2, 77 if known). An unknown compound whose parts no
// document holds together where words weigh (weak_value): near misses too, then each part alone (110). An unknown word
// also: with one or two neighbours as one (230); at last what is known at one end of it (90). Then, in whole numbers:
//   value(word, document) = largest of impact * weight / 256 over the alternatives; of parts, the smallest impact
//   rarity(word)   = log(1.5 + documents / common) * word weight, common = sum of values / largest value;
//                    scaled so that those of all words sum to at most 256
//   text(document) = from all values by rarity, times a factor for coverage: rows.h combine()
//   exact          = the boost of the phrase that the whole query is, in any order of words, in either reading of them
//   score          = text + exact + boosts handed in, at most 65535, in 1/16384; less the cut of the first layer of the
//                    filter that holds the document; plus the bonus
// Hits below `far` of the best one are none. The score given is rounded down to the grain of the preference; of
// documents with the same one the more important is first, then the better before rounding, then as `before` says, else
// the lower document number.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kits/search/overlay.h"
#include "kits/search/text_index.h"

namespace verbund::search {

inline constexpr std::size_t most_query_words = 16;   // Limit: further words are not looked at
inline constexpr std::size_t most_bits_layers = 4;

struct QueryWord {
  std::string_view text;         // folded, at most longest_word bytes (else cut)
  std::uint32_t weight = 256;    // words that say little count less
  bool prefix = false;           // still being typed
  std::string_view also = {};    // another reading of the same word, or empty
};

// Bits of documents, 64 a word, document d in bit d % 64 of word d / 64; documents beyond the end are not in it.
using DocumentBits = std::span<const std::uint64_t>;

struct Layer {
  DocumentBits documents;
  std::uint16_t cut = 0;         // what is taken off, in 1/65536
};

struct Filter {
  std::span<const Layer> layers; // none: every document counts in full. Limit: most_bits_layers
  DocumentBits bonus_documents;
  std::uint16_t bonus = 0;       // in 1/16384
  bool outside = true;           // documents in no layer come after all others while there is room on the page
};

// What decides between documents of the same (rounded) score. Called for the few documents that may be on the page.
struct Preference {
  const void* context = nullptr;
  // Larger first; null: all the same.
  std::uint8_t (*importance)(const void* context, std::uint32_t document) = nullptr;
  // For documents from `ordered` on; null: by number.
  bool (*before)(const void* context, std::uint32_t a, std::uint32_t b) = nullptr;
  std::uint32_t ordered = 0;
  std::uint16_t grain = 1;       // 1 to 256, in 1/16384
};

struct Boost {
  std::uint32_t document;
  std::uint32_t add;             // in 1/16384
};

struct Query {
  std::span<const QueryWord> words;
  std::span<const Boost> boosts; // documents that are meant for other reasons; ascending, distinct
  Filter filter;
  Preference preference;
  std::size_t offset = 0, limit = 10;
  std::uint16_t far = 38;        // of 256: hits below this part of the best one do not answer the query
  bool relax = false;            // if nothing is found: known pieces of the words, one part of a compound
};

// What a word was taken for.
enum class Taken : std::uint8_t { unknown, word, also, joined, parts, completed, corrected, corrected_beginning, piece };

struct Match {
  std::uint32_t document;
  std::uint32_t score;           // in 1/16384
  bool outside;                  // of all layers
};

struct WordTaken {
  Taken how = Taken::unknown;    // best way: known before corrected before unknown
  std::string_view as;           // for corrected: as people write it. Good as long as the index and the overlay
};

struct Answer {
  std::vector<Match> matches;    // of the page: those inside the layers first
  std::size_t inside = 0;        // all hits in the layers
  std::size_t total = 0;         // and those outside, if the page has room for them
  std::vector<WordTaken> words;  // of the query
  bool relaxed = false;
};

// Why a document stands where it stands.
struct WordExplanation {
  Taken how = Taken::unknown;    // which alternative gave the value
  std::string as;                // the word it was taken for, as people write it
  std::uint32_t value = 0;       // 0 to 255
  std::uint32_t impact = 0;      // before the weight of the alternative
  std::uint32_t rarity = 0;      // share of 256
  std::size_t field = 0;         // that gives most of it
};
struct Explanation {
  std::vector<WordExplanation> words;
  std::uint32_t total = 0, covered = 0;     // of 65280
  std::uint32_t text = 0, exact = 0, boost = 0, cut = 0, bonus = 0, score = 0;   // in 1/16384
};

// Memory of one thread, kept between queries. About 20 bytes a document, twice that for queries of many words.
class Scratch {
 public:
  Scratch();
  ~Scratch();
  Scratch(Scratch&&) noexcept;
  Scratch& operator=(Scratch&&) noexcept;
  struct Memory;
  Memory& memory() { return *memory_; }

 private:
  std::unique_ptr<Memory> memory_;
};

// `overlay`: over this index, or nullptr.
void search(const TextIndex& index, const TextOverlay* overlay, const Query& query, Scratch& scratch, Answer& answer);

// The same search, and why: one explanation for each of the documents.
std::vector<Explanation> explain(const TextIndex& index, const TextOverlay* overlay, const Query& query,
                                 std::span<const std::uint32_t> documents, Scratch& scratch, Answer& answer);

}  // namespace verbund::search
