// SPDX-License-Identifier: EUPL-1.2
#include "faces/cli/explanation.h"

#include <algorithm>
#include <cstdio>

#include "faces/api/api.h"
#include "kits/text/text.h"

namespace verbund::cli {
namespace {

using directory::HitExplanation;
using directory::UnderstoodWord;
using How = UnderstoodWord::How;
using Offered = HitExplanation::Offered;

struct FieldWords {
  std::string_view field, words;
};
// Fields of directory/finder/service_text.h.
constexpr FieldWords field_words[] = {
    {"citizen_title", "im Titel"},
    {"title", "in der Bezeichnung"},
    {"search_term", "Suchbegriff der Redaktion"},
    {"said_title", "Alltagswort für den ganzen Titel"},
    {"said_in_title", "Alltagswort für Wörter des Titels"},
    {"said_term", "Alltagswort für einen Suchbegriff"},
    {"said_apart_title", "aus einer Redewendung für den ganzen Titel"},
    {"said_apart", "aus einer Redewendung für Wörter des Titels"},
    {"life_event", "in der Lebenslage"},
    {"short_text", "im Kurztext"},
    {"full_text", "in der Beschreibung"},
    {"details", "in den weiteren Angaben"},
    {"unit_name", "im Namen der Stelle"}};

std::string decimal(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2f", value);
  std::string out = text;
  std::replace(out.begin(), out.end(), '.', ',');
  return out;
}

std::string percent(double share) {
  char text[16];
  std::snprintf(text, sizeof text, "%.0f %%", 100 * share);
  return text;
}

std::string in_quotes(std::string_view text) { return "„" + std::string(text) + "“"; }

std::string where(const HitExplanation::Word& word) {
  for (const FieldWords& known : field_words) {
    if (known.field == word.field) return std::string(known.words);
  }
  return word.field;
}

// How the word of the query became a word of the service; "" if it is simply there.
std::string way(const HitExplanation::Word& word) {
  switch (word.how) {
    case How::known:
      if (!word.met.empty() && text::fold(word.met) != text::fold(word.typed)) return "als " + in_quotes(word.met);
      if (word.as.empty() || text::fold(word.as) == text::fold(word.typed)) return "";
      return "gleicher Wortstamm: " + in_quotes(word.as);
    case How::joined: return "zusammen geschrieben: " + in_quotes(word.as);
    case How::compound: return "Zusammensetzung aus " + in_quotes(word.as);
    case How::completed: return "Anfang von " + in_quotes(word.as);
    case How::corrected: return "Tippfehler, gemeint ist " + in_quotes(word.as);
    case How::piece: return "nur ein Teil ist bekannt: " + in_quotes(word.as);
    case How::unknown: break;
  }
  return "kommt hier nicht vor";
}

// Columns line up by letters, not bytes.
std::string padded(std::string text, std::size_t letters) {
  const auto here = static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
  if (here < letters) text.append(letters - here, ' ');
  return text;
}

std::string place_line(const HitExplanation& why) {
  std::string out;
  switch (why.offered) {
    case Offered::not_asked: return "ohne Ort gesucht";
    case Offered::here: out = "hier angeboten"; break;
    case Offered::within: out = "nur in einem Teil dieses Gebiets angeboten (-" + decimal(why.place_cut) + ")"; break;
    case Offered::unknown: out = "wo es angeboten wird, ist nicht eingetragen (-" + decimal(why.place_cut) + ")"; break;
    case Offered::elsewhere: out = "nur an anderen Orten angeboten, darum hinter allen Leistungen von hier"; break;
  }
  if (why.online_bonus > 0) out += ", hier online möglich (+" + decimal(why.online_bonus) + ")";
  return out;
}

std::string_view name_of(Offered offered) {
  switch (offered) {
    case Offered::not_asked: return "not_asked";
    case Offered::here: return "here";
    case Offered::within: return "within";
    case Offered::unknown: return "unknown";
    case Offered::elsewhere: break;
  }
  return "elsewhere";
}

}  // namespace

std::string explanation_text(const HitExplanation& why) {
  std::string out = "   Warum: ";
  if (why.outside) {
    out += "nur an anderen Orten angeboten\n";
  } else {
    out += decimal(why.score) + " Punkte = ";
    std::string sum = decimal(why.text) + " für die Wörter";
    if (why.phrase > 0) sum += " + " + decimal(why.phrase) + ", weil die ganze Anfrage das meint";
    if (why.identified > 0) sum += " + " + decimal(why.identified) + ", weil sie die Kennung ist";
    if (why.place_cut > 0) sum += " - " + decimal(why.place_cut) + " für den Ort";
    if (why.online_bonus > 0) sum += " + " + decimal(why.online_bonus) + " online";
    out += sum + "\n";
  }
  std::size_t widest = 0;
  for (const HitExplanation::Word& word : why.words) widest = std::max(widest, word.typed.size());
  for (const HitExplanation::Word& word : why.words) {
    std::string what = way(word);
    if (word.how != How::unknown) what = where(word) + (what.empty() ? "" : ", " + what);
    out += "     " + padded(in_quotes(word.typed), widest + 2) + "  " + what;
    if (word.how != How::unknown) out += ": wiegt " + decimal(word.value);
    out += " bei " + percent(word.rarity) + " der Anfrage\n";
  }
  if (!why.words.empty()) {
    out += "     " + padded("beantwortet", widest + 2) + "  " + percent(why.coverage) + " der Anfrage\n";
  }
  out += "     " + padded("Ort", widest + 2) + "  " + place_line(why) + "\n";
  return out;
}

Json explanation_document(const HitExplanation& why) {
  Json::Array words;
  for (const HitExplanation::Word& word : why.words) {
    words.push_back(Json::object({{"typed", word.typed},
                                  {"how", api::name_of(word.how)},
                                  {"as", word.as},
                                  {"met", word.met},
                                  {"field", word.field},
                                  {"impact", word.impact},
                                  {"value", word.value},
                                  {"rarity", word.rarity}}));
  }
  return Json::object({{"words", std::move(words)},
                       {"coverage", why.coverage},
                       {"text", why.text},
                       {"phrase", why.phrase},
                       {"identified", why.identified},
                       {"place_cut", why.place_cut},
                       {"online_bonus", why.online_bonus},
                       {"score", why.score},
                       {"offered", name_of(why.offered)},
                       {"outside", why.outside}});
}

std::string understood_text(const directory::SearchAnswer& answer) {
  std::string out;
  for (const UnderstoodWord& word : answer.words) {
    out += "   " + in_quotes(word.typed) + ": ";
    switch (word.how) {
      case How::known: out += "bekannt"; break;
      case How::joined: out += "bekannt zusammen mit dem Wort daneben"; break;
      case How::compound: out += "bekannt als Zusammensetzung"; break;
      case How::completed: out += "bekannt als Anfang eines Wortes"; break;
      case How::corrected:
        out += word.as.empty() ? "verstanden mit einem Tippfehler" : "verstanden als " + in_quotes(word.as);
        break;
      case How::piece:
        out += word.as.empty() ? "nur ein Teil ist bekannt" : "nur " + in_quotes(word.as) + " ist bekannt";
        break;
      case How::unknown:
        out += "unbekannt";
        for (std::size_t i = 0; i < word.near.size(); ++i) {
          out.append(i == 0 ? "; ähnlich: " : ", ").append(word.near[i]);
        }
        break;
    }
    out += "\n";
  }
  return out;
}

}  // namespace verbund::cli
