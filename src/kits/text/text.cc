// SPDX-License-Identifier: EUPL-1.2
#include "kits/text/text.h"

#include <libstemmer.h>
#include <unicode/coll.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/utf8.h>

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
  explicit Sink(Umlauts umlauts) : umlauts_(umlauts) {}

  // A letter that carried no accent: may be part of an ae, oe, ue for an umlaut.
  void plain(char c) {
    if (umlauts_ == Umlauts::unify) {
      if (c == 'e' && may_be_umlaut_) {
        may_be_umlaut_ = false;
        return;
      }
      may_be_umlaut_ = (c == 'a' || c == 'o' || c == 'u') && (out_.empty() || !is_vowel_or_q(out_.back()));
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
  void reserve(std::size_t bytes) { out_.reserve(bytes); }
  std::string take() { return std::move(out_); }

 private:
  Umlauts umlauts_;
  bool may_be_umlaut_ = false;  // the last letter is an a, o or u that a following e would make an umlaut
  std::string out_;
};

// U+00C0..U+00FF folded; accented letters without decomposition as fold_special has them.
constexpr std::string_view latin1[64] = {
    "a", "a", "a", "a", "a", "a", "ae", "c", "e", "e", "e", "e", "i", "i", "i", "i",   //
    "d", "n", "o", "o", "o", "o", "o",  "×", "o", "u", "u", "u", "u", "y", "th", "ss",  //
    "a", "a", "a", "a", "a", "a", "ae", "c", "e", "e", "e", "e", "i", "i", "i", "i",   //
    "d", "n", "o", "o", "o", "o", "o",  "÷", "o", "u", "u", "u", "u", "y", "th", "y"};

// The fast way for what German texts are made of: ASCII, Latin-1 letters, dashes and quotation marks. False (and `sink`
// is worthless) if there is anything else.
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
    } else if (c == '\xE2' && next == 0x80 && i + 2 < utf8.size()) {
      const auto third = static_cast<unsigned char>(utf8[i + 2]);
      const bool mark = third == 0x93 || third == 0x94 || (third >= 0x98 && third <= 0x9E);
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

std::string fold_as(std::string_view utf8, Umlauts umlauts) {
  Sink sink(umlauts);
  sink.reserve(utf8.size());
  if (fold_simple(utf8, sink)) return sink.take();
  Sink full(umlauts);
  full.reserve(utf8.size());
  fold_fully(utf8, full);
  return full.take();
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

std::vector<std::string> words(std::string_view utf8) {
  const std::string folded = fold_umlauts(utf8);
  std::vector<std::string> out;
  std::size_t begin = 0;
  const auto end_word = [&](std::size_t end) {
    if (end > begin) out.emplace_back(cut_utf8(std::string_view(folded).substr(begin, end - begin), longest_word));
  };
  for (std::size_t i = 0; i < folded.size();) {
    const std::size_t at = i;
    bool inside = is_word_byte(folded[i]);
    if (static_cast<unsigned char>(folded[i]) < 0x80) {
      ++i;
    } else {
      const auto* bytes = reinterpret_cast<const std::uint8_t*>(folded.data());
      UChar32 c = 0;
      U8_NEXT(bytes, i, folded.size(), c);
      inside = c >= 0 && (u_isalnum(c) || u_charType(c) == U_COMBINING_SPACING_MARK);
    }
    if (!inside) {
      end_word(at);
      begin = i;
    }
  }
  end_word(folded.size());
  return out;
}

std::string stem_german(std::string_view folded_word) {
  thread_local const std::unique_ptr<sb_stemmer, StemmerDeleter> stemmer(sb_stemmer_new("german", "UTF_8"));
  VERBUND_CHECK(stemmer != nullptr);
  const auto* bytes = reinterpret_cast<const sb_symbol*>(folded_word.data());
  const sb_symbol* stem = sb_stemmer_stem(stemmer.get(), bytes, static_cast<int>(folded_word.size()));
  if (!stem) return std::string(folded_word);
  return std::string(reinterpret_cast<const char*>(stem), static_cast<std::size_t>(sb_stemmer_length(stemmer.get())));
}

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
