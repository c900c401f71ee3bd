// SPDX-License-Identifier: EUPL-1.2
#include "kits/text/text.h"

#include <libstemmer.h>
#include <unicode/coll.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/utf8.h>

#include <array>
#include <memory>

#include "base/check.h"
#include "base/text.h"

namespace verbund::text {
namespace {

constexpr std::size_t longest_word = 64;
constexpr std::size_t longest_slug = 80;

enum class Umlauts {
  drop,    // ä -> a, ae stays
  unify,   // ä -> a, ae -> a
  expand,  // ä -> ae, ae stays
};

bool is_vowel_or_q(char c) { return std::string_view("aeiouq").find(c) != std::string_view::npos; }

// Takes letters that are lower case and free of accents already, and applies the umlaut rule.
class Sink {
 public:
  // Appends to `out`; what stands there already is another text.
  Sink(Umlauts umlauts, std::string& out) : umlauts_(umlauts), out_(out), begin_(out.size()) {}

  // A letter that carried no accent: may be part of an ae, oe, ue for an umlaut.
  void plain(char c) {
    if (umlauts_ == Umlauts::unify) {
      if (c == 'e' && may_be_umlaut_) {
        may_be_umlaut_ = false;
        return;
      }
      may_be_umlaut_ = (c == 'a' || c == 'o' || c == 'u') &&
                       (out_.size() == begin_ || !is_vowel_or_q(out_.back()));
    }
    out_ += c;
  }
  void umlaut(char c) {
    out_ += c;
    if (umlauts_ == Umlauts::expand) out_ += 'e';
    may_be_umlaut_ = false;
  }
  // Anything else, as UTF-8.
  void other(std::string_view utf8) {
    out_ += utf8;
    may_be_umlaut_ = false;
  }

 private:
  Umlauts umlauts_;
  bool may_be_umlaut_ = false;  // the last letter is an a, o or u that a following e would make an umlaut
  std::string& out_;
  std::size_t begin_;
};

// U+00C0..U+00FF folded; accented letters without decomposition as fold_special has them.
constexpr std::string_view latin1[64] = {
    "a", "a", "a", "a", "a", "a", "ae", "c", "e", "e", "e", "e", "i", "i", "i", "i",   //
    "d", "n", "o", "o", "o", "o", "o",  "×", "o", "u", "u", "u", "u", "y", "th", "ss",  //
    "a", "a", "a", "a", "a", "a", "ae", "c", "e", "e", "e", "e", "i", "i", "i", "i",   //
    "d", "n", "o", "o", "o", "o", "o",  "÷", "o", "u", "u", "u", "u", "y", "th", "y"};

// Signs of Latin-1 (from C2 80 on) that stay what they are: ¡¢£¤¥¦§ © « ¬ ® ° ± ¶ · » ¿.
constexpr std::uint64_t latin1_signs = 0x88C3'5AFE'0000'0000ULL;

// The fast way for what German texts are made of: ASCII, Latin-1, dashes, quotation marks, bullets, the euro. False
// (and what was appended is worthless) if there is anything else.
bool fold_simple(std::string_view utf8, Sink& sink) {
  for (std::size_t i = 0; i < utf8.size(); ++i) {
    const char c = utf8[i];
    const auto next = static_cast<unsigned char>(i + 1 < utf8.size() ? utf8[i + 1] : '\0');
    if (static_cast<unsigned char>(c) < 0x80) {
      sink.plain(c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
    } else if (c == '\xC3' && next >= 0x80 && next <= 0xBF) {
      const unsigned index = next - 0x80u;
      const std::string_view folded = latin1[index];
      const bool has_dots = index % 32 == 4 || index % 32 == 22 || index % 32 == 28;  // ä ö ü
      if (index == 31) {  // ß is two plain letters
        sink.plain('s');
        sink.plain('s');
      } else if (has_dots) {
        sink.umlaut(folded[0]);
      } else {
        sink.other(folded);
      }
      ++i;
    } else if (c == '\xC2' && next == 0xAD) {  // soft hyphen
      ++i;
    } else if (c == '\xC2' && next == 0xA0) {  // no-break space
      sink.plain(' ');
      ++i;
    } else if (c == '\xC2' && next >= 0x80 && next <= 0xBF && (latin1_signs >> (next - 0x80) & 1) != 0) {
      sink.other(utf8.substr(i, 2));
      ++i;
    } else if (c == '\xE2' && (next == 0x80 || next == 0x82) && i + 2 < utf8.size()) {
      const auto third = static_cast<unsigned char>(utf8[i + 2]);
      const bool mark = next == 0x82 ? third == 0xAC
                                     : third == 0x93 || third == 0x94 || (third >= 0x98 && third <= 0x9E) || third == 0xA2;
      if (!mark) return false;
      sink.other(utf8.substr(i, 3));
      i += 2;
    } else {
      return false;
    }
  }
  return true;
}

// Latin letters whose stroke or form is no accent to Unicode.
std::string_view fold_special(UChar32 c) {
  switch (c) {
    case 0x00E6: return "ae";
    case 0x0153: return "oe";
    case 0x00F8: return "o";
    case 0x00F0:
    case 0x0111: return "d";
    case 0x00FE: return "th";
    case 0x0127: return "h";
    case 0x0131: return "i";
    case 0x0138: return "k";
    case 0x0142: return "l";
    case 0x014B: return "n";
    case 0x0167: return "t";
    default: return {};
  }
}

const icu::Normalizer2& normalizer(const icu::Normalizer2* (*get)(UErrorCode&)) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* found = get(status);
  VERBUND_CHECK(U_SUCCESS(status) && found != nullptr);
  return *found;
}

icu::UnicodeString normalize(const icu::Normalizer2& form, const icu::UnicodeString& text) {
  UErrorCode status = U_ZERO_ERROR;
  icu::UnicodeString out = form.normalize(text, status);
  VERBUND_CHECK(U_SUCCESS(status));
  return out;
}

icu::UnicodeString from_utf8(std::string_view utf8) {
  return icu::UnicodeString::fromUTF8(icu::StringPiece(utf8.data(), static_cast<std::int32_t>(utf8.size())));
}

std::string to_utf8(const icu::UnicodeString& text) {
  std::string out;
  text.toUTF8String(out);
  return out;
}

// The whole way: NFKC with case folding (drops what is invisible), accents taken off, the rest composed again.
void fold_fully(std::string_view utf8, Sink& sink) {
  static const icu::Normalizer2& casefold = normalizer(&icu::Normalizer2::getNFKCCasefoldInstance);
  static const icu::Normalizer2& decompose = normalizer(&icu::Normalizer2::getNFDInstance);
  static const icu::Normalizer2& compose = normalizer(&icu::Normalizer2::getNFCInstance);
  const icu::UnicodeString letters = normalize(decompose, normalize(casefold, from_utf8(utf8)));
  icu::UnicodeString run;  // of what is not Latin
  const auto flush = [&] {
    if (!run.isEmpty()) sink.other(to_utf8(normalize(compose, run)));
    run.remove();
  };
  for (std::int32_t i = 0; i < letters.length();) {
    const UChar32 c = letters.char32At(i);
    i = letters.moveIndex32(i, 1);
    bool accent = false;
    bool dots = false;
    for (; i < letters.length() && u_charType(letters.char32At(i)) == U_NON_SPACING_MARK;
         i = letters.moveIndex32(i, 1)) {
      if (!accent) dots = letters.char32At(i) == 0x0308;
      accent = true;
    }
    const std::string_view special = fold_special(c);
    if (u_charType(c) == U_NON_SPACING_MARK) continue;  // at the very start
    if (c >= 0x80 && special.empty()) {
      run.append(c);
      continue;
    }
    flush();
    if (!special.empty()) {
      sink.other(special);
    } else if (dots && (c == 'a' || c == 'o' || c == 'u')) {
      sink.umlaut(static_cast<char>(c));
    } else if (accent) {
      sink.other(std::string(1, static_cast<char>(c)));
    } else {
      sink.plain(static_cast<char>(c));
    }
  }
  flush();
}

// Appends.
void fold_into(std::string_view utf8, Umlauts umlauts, std::string& out) {
  const std::size_t before = out.size();
  Sink sink(umlauts, out);
  if (fold_simple(utf8, sink)) return;
  out.resize(before);
  Sink full(umlauts, out);
  fold_fully(utf8, full);
}

std::string fold_as(std::string_view utf8, Umlauts umlauts) {
  std::string out;
  out.reserve(utf8.size());
  fold_into(utf8, umlauts, out);
  return out;
}

bool is_word_byte(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

struct StemmerDeleter {
  void operator()(sb_stemmer* stemmer) const { sb_stemmer_delete(stemmer); }
};

std::unique_ptr<icu::Collator> make_collator() {
  UErrorCode status = U_ZERO_ERROR;
  std::unique_ptr<icu::Collator> collator(icu::Collator::createInstance(icu::Locale::getGerman(), status));
  VERBUND_CHECK(U_SUCCESS(status) && collator);
  return collator;
}

}  // namespace

std::string fold(std::string_view utf8) { return fold_as(utf8, Umlauts::drop); }

std::string fold_umlauts(std::string_view utf8) { return fold_as(utf8, Umlauts::unify); }

// ASCII that is no letter or digit ends a run: nothing that folding does reaches across it.
void WordList::read(std::string_view utf8) {
  static constexpr auto inside = [] {
    std::array<bool, 256> out{};
    for (int c = 0; c < 256; ++c) {
      out[static_cast<std::size_t>(c)] =
          c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }
    return out;
  }();
  const auto number = [](std::size_t value) { return static_cast<std::uint32_t>(value); };
  text_.clear();
  words_.clear();
  for (std::size_t i = 0; i < utf8.size();) {
    if (!inside[static_cast<unsigned char>(utf8[i])]) {
      ++i;
      continue;
    }
    const std::size_t run = i, first = words_.size(), begin = text_.size();
    while (i < utf8.size() && inside[static_cast<unsigned char>(utf8[i])]) ++i;
    fold_into(utf8.substr(run, i - run), Umlauts::unify, text_);
    std::size_t word = begin;
    const auto end_word = [&](std::size_t end) {
      if (end <= word) return;
      const std::size_t size = cut_utf8(std::string_view(text_).substr(word, end - word), longest_word).size();
      words_.push_back({number(word), number(size), 0, 0, number(i)});
    };
    for (std::size_t at = begin; at < text_.size();) {
      const std::size_t here = at;
      bool letter = is_word_byte(text_[at]);
      if (static_cast<unsigned char>(text_[at]) < 0x80) {
        ++at;
      } else {
        const auto* bytes = reinterpret_cast<const std::uint8_t*>(text_.data());
        UChar32 c = 0;
        U8_NEXT(bytes, at, text_.size(), c);
        letter = c >= 0 && (u_isalnum(c) || u_charType(c) == U_COMBINING_SPACING_MARK);
      }
      if (!letter) {
        end_word(here);
        word = at;
      }
    }
    end_word(text_.size());
    if (words_.size() == first + 1) {
      words_[first].source_begin = number(run);
      words_[first].source_size = number(i - run);
    }
  }
}

std::vector<std::string> words(std::string_view utf8) {
  WordList list;
  list.read(utf8);
  std::vector<std::string> out;
  for (std::size_t i = 0; i < list.size(); ++i) out.emplace_back(list[i]);
  return out;
}

std::string_view stem_german_view(std::string_view folded_word) {
  thread_local const std::unique_ptr<sb_stemmer, StemmerDeleter> stemmer(sb_stemmer_new("german", "UTF_8"));
  VERBUND_CHECK(stemmer != nullptr);
  const auto* bytes = reinterpret_cast<const sb_symbol*>(folded_word.data());
  const sb_symbol* stem = sb_stemmer_stem(stemmer.get(), bytes, static_cast<int>(folded_word.size()));
  if (!stem) return folded_word;
  return {reinterpret_cast<const char*>(stem), static_cast<std::size_t>(sb_stemmer_length(stemmer.get()))};
}

std::string stem_german(std::string_view folded_word) { return std::string(stem_german_view(folded_word)); }

std::string slug(std::string_view utf8) {
  std::string out;
  bool gap = false;
  for (const char c : fold_as(utf8, Umlauts::expand)) {
    if (!is_word_byte(c)) {
      gap = true;
      continue;
    }
    if (gap && !out.empty()) out += '-';
    gap = false;
    out += c;
    if (out.size() > longest_slug) break;
  }
  if (out.size() > longest_slug) {
    const std::size_t hyphen = out.rfind('-');
    out.resize(hyphen == std::string::npos ? longest_slug : hyphen);
  }
  return out.empty() ? "x" : out;
}

std::string sort_key(std::string_view utf8) {
  thread_local const std::unique_ptr<icu::Collator> collator = make_collator();
  const icu::UnicodeString text = from_utf8(utf8);
  std::string key(utf8.size() * 2 + 16, '\0');
  for (;;) {
    const std::int32_t need = collator->getSortKey(text, reinterpret_cast<std::uint8_t*>(key.data()),
                                                   static_cast<std::int32_t>(key.size()));
    const bool fits = static_cast<std::size_t>(need) <= key.size();
    key.resize(static_cast<std::size_t>(need));
    if (fits) break;
  }
  if (!key.empty()) key.pop_back();  // the zero byte at the end
  return key;
}

}  // namespace verbund::text
