// SPDX-License-Identifier: EUPL-1.2
#include "faces/portal/pictures.h"

#include <span>
#include <string>

#include "base/check.h"
#include "base/text.h"
#include "kits/embed/embed.h"

namespace verbund::embedded {
std::span<const embed::File> portal_pictures();
}  // namespace verbund::embedded

namespace verbund::portal {
namespace {

struct Subject {
  std::string_view begin, picture;   // of a word of the slug
};
// The first word of the slug that begins like this says what it is about; longer beginnings before shorter ones.
constexpr Subject subjects[] = {
    {"umzug", "moving"},       {"umziehen", "moving"},   {"wohn", "moving"},        {"ausweis", "documents"},
    {"dokument", "documents"}, {"pass", "documents"},    {"urkunde", "documents"},  {"meld", "documents"},
    {"geburt", "family"},      {"kind", "family"},       {"famil", "family"},       {"eltern", "family"},
    {"schwanger", "family"},   {"arbeit", "work"},       {"beruf", "work"},         {"job", "work"},
    {"unternehm", "business"}, {"gewerbe", "business"},  {"selbst", "business"},    {"existenz", "business"},
    {"firma", "business"},     {"betrieb", "business"},  {"auto", "vehicle"},       {"fahr", "vehicle"},
    {"kfz", "vehicle"},        {"kraft", "vehicle"},     {"fuehrerschein", "vehicle"}, {"verkehr", "vehicle"},
    {"mobil", "vehicle"},      {"park", "vehicle"},      {"heirat", "marriage"},    {"hochzeit", "marriage"},
    {"ehe", "marriage"},       {"partner", "marriage"},  {"scheidung", "marriage"}, {"tod", "death"},
    {"sterb", "death"},        {"trauer", "death"},      {"erb", "death"},          {"gesund", "health"},
    {"pflege", "health"},      {"krank", "health"},      {"behinder", "health"},    {"schule", "education"},
    {"schul", "education"},    {"bildung", "education"}, {"stud", "education"},     {"ausbildung", "education"},
    {"kita", "education"},     {"hund", "animals"},      {"tier", "animals"},       {"bau", "building"},
    {"haus", "building"},      {"immobil", "building"},  {"grund", "building"},     {"geld", "money"},
    {"steuer", "money"},       {"finanz", "money"},      {"sozial", "money"},       {"hilfe", "help"},
    {"not", "help"},           {"engag", "help"},        {"ehrenamt", "help"},      {"ausland", "world"},
    {"migration", "world"},    {"einwander", "world"},   {"zuwander", "world"},     {"aufenthalt", "world"},
    {"integration", "world"},  {"reise", "world"},       {"rente", "age"},          {"alter", "age"},
    {"senior", "age"},         {"ruhestand", "age"}};

std::string_view drawing(std::string_view name) {
  const std::string_view found = embed::find(embedded::portal_pictures(), "pictures/" + std::string(name) + ".svg");
  VERBUND_CHECK(found.data() != nullptr);
  return trim(found);
}

}  // namespace

std::string_view life_event_picture(std::string_view slug) {
  for (const std::string_view word : split(slug, '-')) {
    for (const Subject& subject : subjects) {
      if (word.starts_with(subject.begin)) return drawing(subject.picture);
    }
  }
  return drawing("documents");
}

}  // namespace verbund::portal
