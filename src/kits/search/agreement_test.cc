// SPDX-License-Identifier: EUPL-1.2
// The fast index against the rules as they are written down, computed the slow and obvious way, on random documents:
// built, saved and loaded, and changed by an overlay. Same documents, same scores, same order.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <random>

#include "kits/search/index_builder.h"
#include "kits/search/prepare.h"
#include "kits/search/reading.h"
#include "kits/search/searcher.h"
#include "kits/text/text.h"

namespace verbund::search {
namespace {

struct Document {
  std::vector<std::pair<std::size_t, std::string>> words;   // field, word
  std::vector<std::vector<std::string>> phrases;            // of kind 0; their words are in field 0 too
};

std::shared_ptr<const Rules> compared_rules() {
  auto out = std::make_shared<Rules>();
  out->fields = {{0.9F, 0.5F, 0.6F, true}, {0.3F, 2, 0.5F, false}, {0.15F, 1, 0, false}};
  out->kinds = {{0.9F, 0, 0, 0, false, 0, 0}};
  out->not_parts = {"unter"};
  out->stemmer = text::stem_german_view;
  return out;
}

class World {
 public:
  explicit World(unsigned seed) : random_(seed) {
    // Syllables make words that are compounds, beginnings and near misses of each other.
    const char* syllables[] = {"hund", "katz", "haus", "stein", "baum", "meld", "amt", "geld", "buch", "rad"};
    for (const char* a : syllables) {
      vocabulary_.push_back(a);
      for (const char* b : syllables) {
        vocabulary_.push_back(std::string(a) + "e" + b);
        vocabulary_.push_back(std::string(a) + "e" + b + "smeldung");
        vocabulary_.push_back(std::string(a) + "e" + b + "en");
      }
      vocabulary_.push_back(std::string(a) + "ung");
      vocabulary_.push_back(std::string(a) + "en");
    }
  }
  std::size_t below(std::size_t bound) { return random_() % bound; }
  std::string word() {
    // Some words are everywhere, most are rare.
    const std::size_t range = below(3) == 0 ? 5 : vocabulary_.size();
    return vocabulary_[below(range)];
  }
  Document document() {
    Document out;
    const std::size_t words = below(12);
    for (std::size_t i = 0; i < words; ++i) out.words.emplace_back(1 + below(2), word());
    for (std::size_t i = below(3); i > 0; --i) {
      std::vector<std::string>& phrase = out.phrases.emplace_back();
      for (std::size_t n = 1 + below(3); n > 0; --n) phrase.push_back(word());
    }
    return out;
  }
  std::string asked() {
    std::string out = word();
    if (below(4) == 0) out.erase(below(out.size()), 1);
    if (below(4) == 0) out += vocabulary_[below(vocabulary_.size())];
    if (below(5) == 0) out.resize(2 + below(out.size()) % 6);
    return out.empty() ? "x" : out;
  }
  std::vector<std::uint64_t> bits(std::size_t documents) {
    std::vector<std::uint64_t> out((documents + 63) / 64);
    for (auto& one_word : out) one_word = below(4) == 0 ? 0 : random_() & random_();
    if (below(3) == 0 && !out.empty()) out.pop_back();
    return out;
  }

 private:
  std::mt19937_64 random_;
  std::vector<std::string> vocabulary_;
};

Draft draft_of(const Document& document) {
  Draft out;
  for (const auto& phrase : document.phrases) {
    std::vector<Draft::Word> words;
    for (const std::string& word : phrase) words.push_back({word, word});
    out.add_phrase(0, 0, words);
  }
  for (const auto& [field, word] : document.words) out.add(field, word);
  return out;
}

using Documents = std::map<std::uint32_t, Document>;

// Impacts of all lists in one document, by the formula of text_index.h.
std::map<std::uint32_t, std::uint32_t> slow_impacts(const TextIndex& index, const Document& document) {
  const Dictionary& words = index.words();
  const std::vector<Field>& fields = index.rules().fields;
  std::vector<std::pair<std::size_t, std::string>> all = document.words;
  for (const auto& phrase : document.phrases) {
    for (const std::string& word : phrase) all.emplace_back(0, word);
  }
  std::map<std::uint32_t, std::map<std::size_t, int>> tf;   // in twentieths
  std::map<std::size_t, int> length;
  for (const auto& [field, word] : all) {
    ++length[field];
    const std::uint32_t form = words.find_form(word);
    tf[words.stem_of(form)][field] += 20;
    for (const Dictionary::Part& part : words.parts(word).span()) tf[part.stem][field] += 7;
  }
  std::map<std::uint32_t, std::uint32_t> out;
  for (const auto& [stem, counts] : tf) {
    float miss = 1;
    for (const auto& [field, count] : counts) {
      const Field& rule = fields[field];
      const float relative = static_cast<float>(length[field]) / index.mean_length(field);
      const float norm = rule.saturation * (1 - rule.length_norm + rule.length_norm * relative);
      const float times = static_cast<float>(count) / 20;
      miss *= 1 - rule.weight * times / (times + norm);
    }
    out[stem] = static_cast<std::uint32_t>(std::clamp(std::lround(255 * (1 - miss)), 1L, 255L));
  }
  std::map<std::uint32_t, std::uint32_t> begins;
  for (std::uint32_t list = index.stems(); list < index.lists(); ++list) {
    const std::string_view prefix = index.prefix_text(list);
    const Dictionary::Range range = words.with_prefix(prefix);
    for (std::uint32_t form = range.begin; form < range.end; ++form) {
      if (!words.strong(form)) continue;
      const auto has = out.find(words.stem_of(form));
      if (has == out.end() || has->second < TextIndex::prefix_floor) continue;
      const std::uint32_t value = has->second * completion_weight(prefix.size(), words.form(form).size()) >> 8;
      begins[list] = std::max(begins[list], value);
    }
  }
  for (const auto& [list, value] : begins) {
    if (value > 0) out[list] = value;
  }
  return out;
}

std::uint64_t slow_key(const TextIndex& index, const std::vector<std::string>& phrase, bool atoms) {
  std::vector<std::uint32_t> stems;
  for (const std::string& word : phrase) {
    const Dictionary::Parts parts = index.words().parts(word);
    if (!atoms || parts.count == 0) stems.push_back(index.words().stem_for(word));
    for (const Dictionary::Part& part : parts.span()) {
      if (atoms && part.leaf) stems.push_back(part.stem);
    }
  }
  return atoms ? atoms_key(stems) : stems_key(stems);
}

bool has_bit(DocumentBits bits, std::uint32_t document) {
  return document / 64 < bits.size() && (bits[document / 64] >> (document % 64) & 1) != 0;
}

struct Slow {
  std::vector<Match> matches;
  std::size_t inside = 0, total = 0;
};

using Impacts = std::map<std::uint32_t, std::map<std::uint32_t, std::uint32_t>>;

Slow slow_search(const TextIndex& index, const Documents& documents, const Impacts& impacts, std::uint32_t count,
                 const TextOverlay* overlay, const Query& query) {
  std::vector<Reading> readings(query.words.size());
  const Reader reader(index, overlay);
  reader.read(query.words, readings);
  std::vector<std::map<std::uint32_t, std::uint32_t>> values(query.words.size());
  std::vector<float> weight(query.words.size());
  float sum = 0;
  for (std::size_t w = 0; w < query.words.size(); ++w) {
    std::uint64_t all = 0;
    std::uint32_t most = 0;
    const auto weigh = [&] {
      values[w].clear();
      all = most = 0;
      for (const auto& [number, lists] : impacts) {
        const auto impact = [&](std::uint32_t list) {
          const auto at = lists.find(list);
          return at == lists.end() ? 0 : at->second;
        };
        std::uint32_t value = 0;
        for (const Alternative& one : readings[w].span()) value = std::max(value, impact(one.list) * one.weight >> 8);
        if (readings[w].part_count >= 2) {
          std::uint32_t joint = 255;
          for (std::size_t p = 0; p < readings[w].part_count; ++p) joint = std::min(joint, impact(readings[w].parts[p]));
          value = std::max(value, joint * readings[w].part_weight >> 8);
        }
        if (value > 0) values[w][number] = value;
        all += value;
        most = std::max(most, value);
      }
    };
    weigh();
    for (const bool pieces : {false, true}) {
      if (most < (pieces ? 1U : weak_value) && reader.look_again(query.words[w], pieces, readings[w])) weigh();
    }
    const float common = most > 0 ? static_cast<float>(all) / static_cast<float>(most) : 1;
    weight[w] = static_cast<float>(query.words[w].weight) * std::log(1.5F + static_cast<float>(count) / common);
    sum += weight[w];
  }
  // What the query is as a phrase: stems of all words; compounds as their leaves.
  std::vector<std::uint32_t> stems, atoms;
  bool all_stems = true, all_atoms = true;
  for (const Reading& reading : readings) {
    if (reading.stem != none) stems.push_back(reading.stem);
    all_stems = all_stems && reading.stem != none;
    all_atoms = all_atoms && (reading.stem != none || reading.part_count > 0);
    if (reading.part_count > 0 && reading.taken.how != Taken::corrected) {
      atoms.insert(atoms.end(), reading.parts.begin(), reading.parts.begin() + reading.part_count);
    } else if (reading.stem != none) {
      const std::size_t before = atoms.size();
      if (reading.form != none) {
        for (const Dictionary::Part& part : index.words().parts(index.words().form(reading.form)).span()) {
          if (part.leaf) atoms.push_back(part.stem);
        }
      }
      if (atoms.size() == before) atoms.push_back(reading.stem);
    }
  }
  const std::uint64_t stem_key = all_stems ? stems_key(stems) : 0, atom_key = all_atoms ? atoms_key(atoms) : 0;
  std::map<std::uint32_t, std::uint32_t> scores;
  for (const auto& [number, document] : documents) {
    std::uint32_t total = 0, covered = 0;
    for (std::size_t w = 0; w < query.words.size(); ++w) {
      const std::uint32_t value = values[w].contains(number) ? values[w][number] : 0;
      const auto rarity = static_cast<std::uint32_t>(240 * weight[w] / sum + 1);
      total += rarity * value;
      covered += rarity * std::min(255U, 2 * value);
    }
    const std::uint32_t c = covered >> 8;
    std::uint32_t score = total * (6554 + (c * c * 9830 >> 16)) >> 16;
    std::uint32_t exact = 0;
    for (const auto& phrase : document.phrases) {
      const auto boost = static_cast<std::uint32_t>(0.9F * one);
      if (slow_key(index, phrase, false) == stem_key) exact = std::max(exact, boost);
      if (slow_key(index, phrase, true) == atom_key) exact = std::max(exact, boost * atoms_weight >> 8);
    }
    score += exact;
    for (const Boost& boost : query.boosts) score += boost.document == number ? boost.add : 0;
    if (score > 0) scores[number] = std::min(65'535U, score);
  }
  Slow out;
  const auto take = [&](bool outside) {
    std::vector<Match> found;
    for (const auto& [number, score] : scores) {
      const Layer* layer = nullptr;
      for (const Layer& one_layer : query.filter.layers) {
        if (layer == nullptr && has_bit(one_layer.documents, number)) layer = &one_layer;
      }
      const bool inside = query.filter.layers.empty() || layer != nullptr;
      if (inside == outside) continue;
      std::uint32_t value = score;
      if (layer != nullptr) value -= score * layer->cut >> 16;
      if (inside && value > 0 && has_bit(query.filter.bonus_documents, number)) value += query.filter.bonus;
      if (value > 0) found.push_back({number, std::min(65'535U, value), outside});
    }
    std::uint32_t best = 0;
    for (const Match& match : found) best = std::max(best, match.score);
    std::erase_if(found, [&](const Match& match) { return match.score < std::max(1U, best * query.far >> 8); });
    const Preference& rule = query.preference;
    std::stable_sort(found.begin(), found.end(), [&](const Match& a, const Match& b) {
      if (a.score / rule.grain != b.score / rule.grain) return a.score > b.score;
      const auto important = [&](const Match& match) {
        return rule.importance == nullptr ? 0 : rule.importance(rule.context, match.document);
      };
      if (important(a) != important(b)) return important(a) > important(b);
      if (a.score != b.score || a.document == b.document) return a.score > b.score;
      const bool asked = rule.before != nullptr && std::max(a.document, b.document) >= rule.ordered;
      return asked ? rule.before(rule.context, a.document, b.document) : a.document < b.document;
    });
    for (Match& match : found) match.score -= match.score % rule.grain;
    return found;
  };
  out.matches = take(false);
  out.inside = out.total = out.matches.size();
  if (!query.filter.layers.empty() && query.filter.outside && out.inside < query.limit) {
    const std::vector<Match> others = take(true);
    out.matches.insert(out.matches.end(), others.begin(), others.end());
    out.total = out.matches.size();
  }
  out.matches.erase(out.matches.begin(),
                    out.matches.begin() + static_cast<std::ptrdiff_t>(std::min(query.offset, out.matches.size())));
  if (out.matches.size() > query.limit) out.matches.resize(query.limit);
  return out;
}

void compare(const TextIndex& index, const TextOverlay* overlay, const Documents& documents, std::uint32_t count,
             World& world, int rounds) {
  Scratch scratch;
  Answer answer;
  Impacts impacts;
  for (const auto& [number, document] : documents) impacts[number] = slow_impacts(index, document);
  for (int round = 0; round < rounds; ++round) {
    std::vector<std::string> texts;
    for (std::size_t n = 1 + world.below(4); n > 0; --n) texts.push_back(world.below(3) == 0 ? world.asked() : world.word());
    std::vector<QueryWord> words;
    for (const std::string& word : texts) words.push_back({word, world.below(3) == 0 ? 90U : 256U, false, {}});
    words.back().prefix = world.below(2) == 0;
    Query query;
    query.words = words;
    const auto here = world.bits(count), within = world.bits(count), online = world.bits(count);
    const Layer layers[] = {{here, 0}, {within, 6554}};
    if (world.below(3) != 0) query.filter.layers = layers;
    query.filter.bonus_documents = online;
    query.filter.bonus = 164;
    query.filter.outside = world.below(4) != 0;
    if (world.below(2) == 0) query.preference.grain = static_cast<std::uint16_t>(1 + world.below(256));
    if (world.below(2) == 0) {
      query.preference.importance = [](const void*, std::uint32_t document) {
        return static_cast<std::uint8_t>(document * 7 % 5);
      };
    }
    if (world.below(2) == 0) {   // the later half backwards, after all of the earlier one
      query.preference.ordered = count / 2;
      static std::uint32_t half;
      half = count / 2;
      query.preference.before = [](const void*, std::uint32_t a, std::uint32_t b) {
        return (a < half) != (b < half) ? a < half : a > b;
      };
    }
    query.offset = world.below(3) == 0 ? world.below(20) : 0;
    query.limit = 1 + world.below(30);
    const Boost boosts[] = {{static_cast<std::uint32_t>(world.below(count)), 8192}};
    if (world.below(4) == 0 && documents.contains(boosts[0].document)) query.boosts = boosts;
    search(index, overlay, query, scratch, answer);
    const Slow slow = slow_search(index, documents, impacts, count, overlay, query);
    std::string what = "round " + std::to_string(round) + ":";
    for (const QueryWord& word : words) what += " " + std::string(word.text) + (word.prefix ? "*" : "");
    ASSERT_EQ(answer.inside, slow.inside) << what;
    ASSERT_EQ(answer.total, slow.total) << what;
    ASSERT_EQ(answer.matches.size(), slow.matches.size()) << what;
    for (std::size_t i = 0; i < slow.matches.size(); ++i) {
      ASSERT_EQ(answer.matches[i].score, slow.matches[i].score) << what << " rank " << i;
      ASSERT_EQ(answer.matches[i].document, slow.matches[i].document) << what << " rank " << i;
      ASSERT_EQ(answer.matches[i].outside, slow.matches[i].outside) << what << " rank " << i;
    }
  }
}

class Agreement : public ::testing::TestWithParam<unsigned> {};

TEST_P(Agreement, TheIndexAnswersAsTheRulesSay) {
  World world(GetParam());
  Documents documents;
  IndexBuilder builder(compared_rules());
  const std::uint32_t count = GetParam() % 2 == 0 ? 600 : 90;
  for (std::uint32_t i = 0; i < count; ++i) {
    if (world.below(10) == 0) continue;
    documents[i] = world.document();
    builder.add(i, draft_of(documents[i]));
  }
  const TextIndex index = builder.finish(count);
  EXPECT_GT(index.lists(), index.stems()) << "some beginnings have lists";
  compare(index, nullptr, documents, count, world, 100);

  flat::Writer out("test");
  index.save(out);
  const auto file = flat::File::of_bytes(out.bytes(), "test");
  ASSERT_TRUE(file.has_value());
  const auto loaded = TextIndex::load(*file, compared_rules());
  ASSERT_TRUE(loaded.has_value()) << loaded.error().text();
  compare(*loaded, nullptr, documents, count, world, 30);
}

TEST_P(Agreement, AnOverlayAnswersAsIfAllWereBuiltAnew) {
  World world(GetParam() + 1000);
  Documents documents;
  IndexBuilder builder(compared_rules());
  std::uint32_t count = 150;
  for (std::uint32_t i = 0; i < count; ++i) {
    documents[i] = world.document();
    builder.add(i, draft_of(documents[i]));
  }
  const auto base = std::make_shared<const TextIndex>(builder.finish(count));
  std::shared_ptr<const TextOverlay> overlay = TextOverlay::over(base);
  for (int step = 0; step < 12; ++step) {
    std::vector<Draft> drafts(1 + world.below(step % 5 == 0 ? 20 : 3));
    std::vector<TextOverlay::Change> changes;
    for (Draft& draft : drafts) {
      const bool added = world.below(4) == 0;
      const auto number = added ? count++ : static_cast<std::uint32_t>(world.below(count));
      if (!added && world.below(4) == 0) {
        documents.erase(number);
        changes.push_back({number, nullptr});
        continue;
      }
      // Words of the base only: others are the overlay's own.
      Document document = world.document();
      const auto known = [&](const std::string& word) { return base->words().find_form(word) != none; };
      std::erase_if(document.words, [&](const auto& word) { return !known(word.second); });
      for (auto& phrase : document.phrases) std::erase_if(phrase, [&](const auto& word) { return !known(word); });
      std::erase_if(document.phrases, [](const auto& phrase) { return phrase.empty(); });
      draft = draft_of(document);
      documents[number] = document;
      changes.push_back({number, &draft});
    }
    overlay = overlay->with(changes);
    ASSERT_EQ(overlay->documents(), count);
    ASSERT_LE(overlay->segments(), 6U);
    compare(*base, overlay.get(), documents, count, world, 12);
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, Agreement, ::testing::Range(1U, 4U));

TEST(Overlay, FindsItsOwnNewWordsByFormStemBeginningAndNearMiss) {
  IndexBuilder builder(compared_rules());
  Document cat;
  cat.phrases = {{"katze"}};
  builder.add(0, draft_of(cat));
  const auto base = std::make_shared<const TextIndex>(builder.finish(1));
  Document octopus;
  octopus.phrases = {{"oktopus", "katze"}};
  octopus.words = {{1, "tintenfische"}};
  const Draft draft = draft_of(octopus);
  const TextOverlay::Change changes[] = {{1, &draft}};
  const auto overlay = TextOverlay::over(base)->with(changes);
  Scratch scratch;
  Answer answer;
  const auto finds = [&](const TextOverlay* over, std::string_view text, bool prefix) {
    const QueryWord words[] = {{text, 256, prefix, {}}};
    Query query;
    query.words = words;
    search(*base, over, query, scratch, answer);
    std::string out;
    for (const Match& match : answer.matches) out += std::to_string(match.document);
    return out;
  };
  EXPECT_EQ(finds(overlay.get(), "oktopus", false), "1");
  EXPECT_EQ(finds(overlay.get(), "tintenfisch", false), "1") << "by stem";
  EXPECT_EQ(finds(overlay.get(), "okto", true), "1");
  EXPECT_EQ(finds(overlay.get(), "oktupus", false), "1");
  EXPECT_EQ(answer.words[0].as, "oktopus");
  EXPECT_EQ(finds(overlay.get(), "katze", false), "01");
  EXPECT_EQ(finds(nullptr, "oktopus", false), "");
  const TextOverlay::Change removal[] = {{1, nullptr}, {0, nullptr}};
  EXPECT_EQ(finds(overlay->with(removal).get(), "katze", false), "");
}

}  // namespace
}  // namespace verbund::search
