// SPDX-License-Identifier: EUPL-1.2
#include "faces/cli/followed_words.h"

#include "network/following/followed_store.h"
#include "network/register/member_sink.h"
#include "network/register/register_store.h"

namespace verbund::cli {
namespace {

using network::FollowedLog;
using network::Trouble;

constexpr std::size_t refused_shown = 20;

std::string object_of(const network::Entry& entry) { return entry.kind + " " + entry.agency + " " + entry.local; }

std::string words(const FollowedLog& log) {
  switch (log.trouble) {
    case Trouble::none: return "in Ordnung";
    case Trouble::connecting: return "noch nicht gefragt";
    case Trouble::away: return "nicht erreichbar";
    case Trouble::signature: return "ALARM: falsche Unterschrift";
    case Trouble::quorum: return "ALARM: zu wenige Zeugen";
    case Trouble::rollback: return "ALARM: das Log ist kürzer geworden";
    case Trouble::fork: return "ALARM: das Log hat zwei Fassungen";
    case Trouble::clock: return "ALARM: Einträge aus der Zukunft";
    case Trouble::content: return "ALARM: der Inhalt passt nicht zum Log";
    case Trouble::missing: return "ALARM: Texte fehlen";
    case Trouble::storage: return "ALARM: hier kann nicht gespeichert werden";
  }
  return "";
}

}  // namespace

Json followed_json(store::Connection& connection) {
  const network::FollowedStore store(connection);
  Json logs = Json(Json::Array());
  for (const FollowedLog& log : store.logs()) {
    Json one = Json::object({{"name", log.origin}, {"entries", static_cast<std::int64_t>(log.size)},
                             {"applied", static_cast<std::int64_t>(log.position)},
                             {"trouble", network::name(log.trouble)}, {"missing", store.missing_count(log.number)},
                             {"refused", store.refused_count(log.number)}});
    if (log.heard_at != Instant{}) one.set("heard", to_rfc3339(log.heard_at));
    if (log.trouble != Trouble::none) one.set("reason", log.reason).set("since", to_rfc3339(log.since));
    logs.push(std::move(one));
  }
  Json refused = Json(Json::Array());
  for (const network::RefusedEntry& entry : store.refused(refused_shown)) {
    refused.push(Json::object({{"log", entry.origin}, {"position", static_cast<std::int64_t>(entry.position)},
                               {"object", object_of(entry.entry)}, {"reason", entry.reason}}));
  }
  return Json::object({{"logs", std::move(logs)}, {"refused", std::move(refused)}});
}

std::string followed_text(store::Connection& connection) {
  const network::FollowedStore store(connection);
  const auto home = network::RegisterStore(connection).home();
  std::string out;
  for (const FollowedLog& log : store.logs()) {
    out += "  " + log.origin + ": " + std::to_string(log.position) + " von " + std::to_string(log.size) +
           " Einträgen übernommen, " + words(log);
    if (log.trouble != Trouble::none) out += " seit " + to_rfc3339(log.since) + " (" + log.reason + ")";
    if (const auto missing = store.missing_count(log.number); missing > 0) {
      out += ", " + std::to_string(missing) + " Texte stehen aus";
    }
    if (const auto refused = store.refused_count(log.number); refused > 0) {
      out += ", " + std::to_string(refused) + " Einträge abgelehnt";
    }
    out += "\n";
    if (log.trouble == Trouble::quorum && log.terms == network::members_rules().terms) {
      out += "    War dieser Knoten lange aus, so kennt er nur Zeugen von früher. Vergleichen Sie den Fingerabdruck mit "
             "dem Betreiber\n    (" + (home ? network::fingerprint(home->key) : "") + "), dann:\n    verbund node join " +
             (home ? home->address + " --again --key " + home->key : "ADRESSE --again --key SCHLÜSSEL") + "\n";
    }
  }
  for (const network::RefusedEntry& entry : store.refused(refused_shown)) {
    out += "  abgelehnt: " + object_of(entry.entry) + " von " + entry.origin + ", Eintrag " +
           std::to_string(entry.position) + ": " + entry.reason + "\n";
  }
  return out.empty() ? out : "Folgt:\n" + out;
}

}  // namespace verbund::cli
