// SPDX-License-Identifier: EUPL-1.2
#include "directory/finder/query.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "kits/text/text.h"

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
    "amt", "anfrage", "anfragen", "antrag", "antrage", "antragen", "apply", "ausstellen", "beantrage", "beantragen",
    "beantragung", "behorde", "besorgen", "erhalten", "finde", "finden", "formular", "info", "information",
    "informationen", "kosten", "kostet", "lang", "lange", "mache", "machen", "neu", "neue", "neuen", "neuer",
    "neues", "new", "office", "online", "stellen", "suche", "suchen", "termin", "tun", "unterlagen", "viel",
    "wieviel", "zustandig", "zustandige"};
constexpr float general_weight = 0.35F;

// In compounds these stand for direction or manner, not for a thing of their own.
constexpr std::string_view further_not_parts[] = {
    "ausser", "bare", "bund", "bundes", "eben", "eigen", "gabe", "gang", "gegen", "haft", "halt", "heit", "hinter",
    "igen", "iger", "isch", "keit", "lage", "lagen", "land", "lich", "liche", "licher", "nachst", "neben", "ober",
    "ohne", "rund", "satz", "schaft", "selbst", "stand", "teil", "ungen", "wahr", "weiter", "wert", "wieder",
    "zeit", "zwischen"};

template <std::size_t N>
bool listed(const std::string_view (&words)[N], std::string_view word) {
  return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

// Looking a word up is done for every word of every text: sorted once.
bool makes_sentences(std::string_view word) {
  static const std::vector<std::string_view> sorted = [] {
    std::vector<std::string_view> out(std::begin(sentence_words), std::end(sentence_words));
    std::sort(out.begin(), out.end());
    return out;
  }();
  return std::binary_search(sorted.begin(), sorted.end(), word);
}

bool is_separator(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 128 && !(byte >= '0' && byte <= '9') && !(byte >= 'a' && byte <= 'z') && !(byte >= 'A' && byte <= 'Z');
}

}  // namespace

std::string readable(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size());
  for (std::size_t i = 0; i < bytes.size();) {
    const auto lead = static_cast<unsigned char>(bytes[i]);
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    const std::string_view one = bytes.substr(i, length);
    if (lead < 0x20 || lead == 0x7F || one.size() != length || !is_utf8(one)) {
      out += ' ';
      ++i;
    } else {
      out += one;
      i += length;
    }
  }
  return out;
}

std::vector<ShownWord> shown_words(std::string_view text) {
  std::vector<ShownWord> out;
  for (std::size_t i = 0; i < text.size();) {
    if (is_separator(text[i])) {
      ++i;
      continue;
    }
    std::size_t end = i;
    while (end < text.size() && !is_separator(text[end])) ++end;
    const std::string_view run = text.substr(i, end - i);
    std::vector<std::string> folded = text::words(run);
    if (folded.size() == 1) {
      out.push_back({std::move(folded.front()), std::string(run)});
    } else {
      for (std::string& word : folded) out.push_back({word, word});
    }
    i = end;
  }
  return out;
}

std::vector<std::string> content_words(std::string_view text) {
  std::vector<std::string> all = text::words(text);
  std::vector<std::string> out;
  for (std::string& word : all) {
    if (!makes_sentences(word)) out.push_back(std::move(word));
  }
  return out;
}

Query understand(std::string_view typed, const std::vector<std::string>& place_words) {
  Query query;
  const std::string text = readable(cut_utf8(typed, query_bytes_read));
  bool only_digits = true;
  for (const char c : text) {
    if (c >= '0' && c <= '9') {
      query.digits += c;
    } else if (c != ' ' && c != '.' && c != '-') {
      only_digits = false;
    }
  }
  if (!only_digits) query.digits.clear();

  std::vector<ShownWord> all = shown_words(text);
  std::erase_if(all, [](const ShownWord& word) { return word.folded.empty(); });
  if (all.size() > query_words_read) all.resize(query_words_read);
  const bool typing = !text.empty() && !is_separator(text.back());
  const auto take = [&](const auto& keep) {
    for (std::size_t i = 0; i < all.size(); ++i) {
      const ShownWord& word = all[i];
      if (!keep(word.folded)) continue;
      QueryWord out;
      out.text = word.folded;
      out.weight = listed(general_words, word.folded) ? general_weight : 1;
      out.prefix = typing && i + 1 == all.size();
      query.words.push_back(std::move(out));
      query.typed.push_back(word.shown);
    }
  };
  const auto is_place = [&](const std::string& word) {
    return std::find(place_words.begin(), place_words.end(), word) != place_words.end();
  };
  take([&](const std::string& word) { return !makes_sentences(word) && !is_place(word); });
  if (query.words.empty()) take([&](const std::string& word) { return !makes_sentences(word); });
  if (query.words.empty()) take([](const std::string&) { return true; });
  return query;
}

std::vector<std::string> words_never_parts() {
  std::vector<std::string> out;
  for (const std::string_view word : sentence_words) out.emplace_back(word);
  for (const std::string_view word : further_not_parts) out.emplace_back(word);
  return out;
}

}  // namespace verbund::directory::finder
