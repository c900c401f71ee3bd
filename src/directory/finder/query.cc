// SPDX-License-Identifier: EUPL-1.2
#include "directory/finder/query.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "directory/finder/acts.h"

namespace verbund::directory::finder {
namespace {

// Folded, sorted. Words of questions and sentences, German and English.
constexpr std::string_view sentence_words[] = {
    "a", "ab", "aber", "about", "als", "also", "am", "an", "and", "are", "at", "auch", "auf", "aus", "bei", "beim",
    "bekomme", "bekommen", "bekommt", "benotige", "benotigen", "bin", "bis", "bitte", "brauche", "brauchen",
    "braucht", "by", "can", "da", "damit", "das", "dass", "dem", "den", "der", "des", "die", "dies", "diese",
    "diesen", "dieser", "dir", "do", "does", "du", "durch", "durfen", "eh", "ein", "eine", "einem", "einen",
    "einer", "eines", "er", "es", "et", "etc", "for", "from", "fur", "geben", "geht", "get", "gibt", "habe",
    "haben", "hallo", "hat", "hatte", "help", "her", "hier", "hilfe", "how", "i", "ich", "ihm", "ihn", "ihr",
    "ihre", "ihren", "ihrer", "im", "in", "is", "ist", "ja", "jetzt", "kann", "kannst", "kein", "konnen", "lasse",
    "lassen", "mal", "man", "me", "mein", "meine", "meinem", "meinen", "meiner", "meines", "mich", "mir", "mit",
    "mochte", "mochten", "muss", "mussen", "musste", "must", "my", "nach", "need", "nicht", "noch", "nun", "nur",
    "o", "ob", "oder", "of", "off", "on", "or", "our", "please", "schon", "sein", "seine", "sich", "sie", "sind",
    "so", "soll", "sollte", "the", "their", "this", "to", "uber", "um", "und", "uns", "unser", "unsere", "unseren",
    "unter", "vom", "von", "vor", "wann", "want", "war", "warum", "was", "welche", "welchen", "welcher", "welches",
    "wem", "wen", "wenn", "wer", "werde", "werden", "what", "when", "where", "which", "who", "why", "wie", "will",
    "wir", "wird", "with", "wo", "wofur", "woher", "wohin", "would", "wozu", "you", "your", "zu", "zum", "zur"};

// Verbs and nouns that nearly every service could be asked for with: they count, but little.
constexpr std::string_view general_words[] = {
    "amt", "anfrage", "anfragen", "antrag", "antrage", "antragen", "apply", "ausstellen", "ausstellung",
    "beantrage", "beantragen", "beantragung", "behorde", "besorgen", "erhalten", "erteilung", "finde", "finden", "formular", "info", "information",
    "informationen", "kosten", "kostet", "lang", "lange", "mache", "machen", "neu", "neue", "neuen", "neuer",
    "neues", "new", "office", "online", "setzen", "stellen", "suche", "suchen", "termin", "tun", "unterlagen", "viel",
    "wieviel", "zustandig", "zustandige"};
constexpr std::uint32_t general_weight = 90;   // of 256

// In compounds these stand for direction or manner, not for a thing of their own.
constexpr std::string_view further_not_parts[] = {
    "bare", "bund", "bundes", "eben", "eigen", "gabe", "gang", "gegen", "haft", "halt", "heit", "hinter",
    "igen", "iger", "isch", "keit", "lage", "lagen", "land", "lich", "liche", "licher", "nachst", "neben", "ober",
    "ohne", "rund", "satz", "schaft", "selbst", "stand", "teil", "ungen", "wahr", "weiter", "wert", "wieder",
    "zeit", "zwischen"};

// At the end of a compound that is not known as a whole they say as little.
constexpr std::string_view general_endings[] = {"antrag", "formular", "termin", "kosten", "gebuhr", "gebuhren",
                                                "unterlagen", "beantragung", "beantragen", "antragsformular"};

// Prefixes that part from their verb.
constexpr std::string_view particles[] = {"ab", "an", "auf", "aus", "ein", "fest", "frei", "los", "mit", "nach", "um",
                                          "vor", "weg", "zu", "zuruck"};
// What may follow a parted prefix at the end of a sentence.
constexpr std::string_view before_places[] = {"am", "bei", "in", "im"};

// Every word of every text is looked up: a table by hash, at most a third full.
class WordSet {
 public:
  template <std::size_t N>
  explicit WordSet(const std::string_view (&words)[N]) {
    static_assert(N * 3 < slots);
    for (const std::string_view word : words) {
      std::size_t at = place(word);
      while (!table_[at].empty()) at = (at + 1) % slots;
      table_[at] = word;
      longest_ = std::max(longest_, word.size());
    }
  }
  bool has(std::string_view word) const {
    if (word.size() > longest_ || word.empty()) return false;
    for (std::size_t at = place(word); !table_[at].empty(); at = (at + 1) % slots) {
      if (table_[at] == word) return true;
    }
    return false;
  }

 private:
  static constexpr std::size_t slots = 1024;
  static std::size_t place(std::string_view word) {
    const auto byte = [&](std::size_t i) { return static_cast<std::size_t>(static_cast<unsigned char>(word[i])); };
    const std::size_t mixed = byte(0) * 31 + byte(word.size() / 2) * 131 + byte(word.size() - 1) * 577 + word.size() * 7;
    return mixed % slots;
  }
  std::array<std::string_view, slots> table_{};
  std::size_t longest_ = 0;
};

bool is_separator(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 128 && !(byte >= '0' && byte <= '9') && !(byte >= 'a' && byte <= 'z') && !(byte >= 'A' && byte <= 'Z');
}

}  // namespace

bool makes_sentences(std::string_view folded_word) {
  static const WordSet set(sentence_words);
  return set.has(folded_word);
}

void make_readable(std::string_view bytes, std::string& out) {
  out.clear();
  for (std::size_t i = 0; i < bytes.size();) {
    const auto lead = static_cast<unsigned char>(bytes[i]);
    if (lead >= 0x20 && lead < 0x7F) {
      out += bytes[i++];
      continue;
    }
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    const std::string_view one = bytes.substr(i, length);
    if (lead < 0x80 || one.size() != length || !is_utf8(one)) {
      out += ' ';
      ++i;
    } else {
      out += one;
      i += length;
    }
  }
}

std::string readable(std::string_view bytes) {
  std::string out;
  make_readable(bytes, out);
  return out;
}

void Query::read(std::string_view typed, std::span<const std::string_view> place_words) {
  make_readable(cut_utf8(typed, query_bytes_read), readable_);
  digits_.clear();
  bool only_digits = true;
  for (const char c : readable_) {
    if (c >= '0' && c <= '9') {
      digits_ += c;
    } else if (c != ' ' && c != '.' && c != '-') {
      only_digits = false;
    }
  }
  if (!only_digits) digits_.clear();

  static const WordSet general(general_words), parted(particles), prepositions(before_places);
  list_.read(readable_);
  folded_.clear();
  for (std::size_t i = 0; i < list_.size(); ++i) {
    if (i > 0) folded_ += ' ';
    folded_ += list_[i];
  }
  const auto is_place = [&](std::string_view word) {
    return std::find(place_words.begin(), place_words.end(), word) != place_words.end();
  };
  particle_ = {};
  for (std::size_t i = list_.size(); i-- > 1;) {
    if (parted.has(list_[i]) || acts().is_first_part(list_[i])) particle_ = list_[i];
    if (!is_place(list_[i]) && !prepositions.has(list_[i])) break;
  }
  const bool typing = !readable_.empty() && !is_separator(readable_.back());
  count_ = 0;
  const auto take = [&](const auto& keep) {
    for (std::size_t i = 0; i < list_.size() && count_ < words_.size(); ++i) {
      const std::string_view word = list_[i];
      if (!keep(word)) continue;
      search::QueryWord& out = words_[count_];
      out = {word, general.has(word) ? general_weight : 256, typing && i + 1 == list_.size(), {}};
      const std::string_view source = list_.source(i, readable_);
      typed_[count_++] = source.empty() ? word : source;
    }
  };
  take([&](std::string_view word) { return !makes_sentences(word) && !is_place(word); });
  if (count_ == 0) take([&](std::string_view word) { return !makes_sentences(word); });
  if (count_ == 0) take([](std::string_view) { return true; });
}

void Query::drop(std::size_t word) {
  for (std::size_t i = word + 1; i < count_; ++i) {
    words_[i - 1] = words_[i];
    typed_[i - 1] = typed_[i];
  }
  --count_;
}

// "elterngeldantrag" asks for the benefit, not for everything that has to do with applications.
void Query::drop_general_endings(const search::Dictionary& dictionary) {
  for (std::size_t i = 0; i < count_; ++i) {
    std::string_view& word = words_[i].text;
    for (const std::string_view ending : general_endings) {
      if (word.size() < ending.size() + 5 || !word.ends_with(ending)) continue;
      if (dictionary.stem_for(word) != search::none) break;
      std::string_view rest = word.substr(0, word.size() - ending.size());
      if (rest.ends_with('s') && dictionary.stem_for(rest) == search::none) rest.remove_suffix(1);
      if (dictionary.stem_for(rest) != search::none) word = rest;
      break;
    }
  }
}

void Query::join_verbs(const search::Dictionary& dictionary) {
  drop_general_endings(dictionary);
  if (particle_.empty()) return;
  for (std::size_t i = 0; i < count_; ++i) {
    search::QueryWord& word = words_[i];
    if (word.text == particle_ || word.text.size() + particle_.size() > search::longest_word) continue;
    verb_ = acts().joined(word.text, particle_);
    if (verb_.empty()) {
      verb_ = particle_;
      verb_ += word.text;
    }
    if (dictionary.stem_for(verb_) == search::none) continue;
    word.also = word.text;
    word.text = verb_;
    return;
  }
}

std::vector<std::string> words_never_parts() {
  std::vector<std::string> out;
  for (const std::string_view word : sentence_words) out.emplace_back(word);
  for (const std::string_view word : further_not_parts) out.emplace_back(word);
  return out;
}

}  // namespace verbund::directory::finder
