// SPDX-License-Identifier: EUPL-1.2
// What the operator of a network does: look at requests, admit, suspend, resume.
#include <algorithm>

#include "faces/cli/cli.h"
#include "faces/cli/membership_words.h"
#include "faces/cli/publish.h"
#include "faces/cli/run.h"
#include "network/register/register_outbox.h"

namespace verbund::cli {
namespace {

using command::Arguments;
using network::Member;
using network::RegisterStore;
using network::WaitingRequest;

constexpr std::string_view usual_end = "/network/log";

// A member may be named by its log or by the address before /network/log.
bool names(const std::string& word, const std::string& name) {
  return name == word || name == word + std::string(usual_end);
}

std::optional<Member> find_member(const RegisterStore& members, const std::string& word) {
  if (auto exact = members.member(word)) return exact;
  return members.member(word + std::string(usual_end));
}

std::unexpected<Error> no_operator() {
  return fail(ErrorCode::conflict, "this node is not the operator of a network", "",
              "`verbund node init --operator` makes it one");
}

using Change = std::function<Result<void>(RegisterStore&, store::Connection&)>;

// Writes what `change` makes of the register, and publishes it. True in `published`: here; else a running service does.
Result<bool> change_register(const Surroundings& s, const MembershipParts& parts, store::Database& database,
                             const Arguments& a, const Change& change) {
  auto written = database.write([&](store::Connection& connection) -> Result<void> {
    RegisterStore members(connection);
    if (!members.is_operator()) return no_operator();
    return change(members, connection);
  });
  if (!written) return pass(written);
  network::RegisterOutbox outbox(database);
  const std::string folder = parts.data_folder(a);
  return publish_pending(s, a, database, folder, network::members_place(folder), outbox);
}

void print_member(const Surroundings& s, const Arguments& a, const Member& member) {
  const std::string today = network::day_in_berlin(s.clock.now());
  if (a.has("json")) {
    print_json(s.out, member_json(member, today));
    return;
  }
  print(s.out, member.name + "  " + member.title + "\n  " + state_text(member, today) + "\n" +
                   mandate_text(member.mandate, "  ") + "  Fingerabdruck des Schlüssels: " +
                   network::fingerprint(member.key));
}

Result<void> node_requests(const Surroundings& s, const MembershipParts&, store::Database& database,
                           const Arguments& a) {
  if (a.has("drop")) {
    return database.write([&](store::Connection& connection) -> Result<void> {
      RegisterStore members(connection);
      for (const WaitingRequest& one : members.waiting()) {
        if (!names(a.get("drop"), one.request.member.name)) continue;
        members.forget_requests(one.request.member.name);
        print(s.out, "Verworfen: " + one.request.member.name);
        return {};
      }
      return fail(ErrorCode::not_found, "nobody of this name waits", a.get("drop"),
                  "`verbund node requests` lists them");
    });
  }
  std::vector<WaitingRequest> waiting;
  std::vector<std::optional<Member>> known;
  bool here = false;
  database.read([&](store::Connection& connection) {
    const RegisterStore members(connection);
    here = members.is_operator();
    waiting = members.waiting();
    for (const WaitingRequest& one : waiting) known.push_back(members.member(one.request.member.name));
  });
  if (!here) return no_operator();
  const std::string today = network::day_in_berlin(s.clock.now());
  Json list = Json(Json::Array{});
  std::string text = waiting.empty() ? "Es wartet kein Antrag.\n" : "";
  for (std::size_t i = 0; i < waiting.size(); ++i) {
    const auto& [request, at] = waiting[i];
    const bool other_key = known[i] && known[i]->key != request.member.key;
    list.push(Json::object({{"member", member_json(request.member, today)}, {"at", to_rfc3339(at)},
                            {"known", known[i].has_value()}, {"other_key", other_key}}));
    text += request.member.name + "  " + request.member.title + "  (" + to_rfc3339(at) + ")\n" +
            mandate_text(request.member.mandate, "  ");
    for (const std::string& address : request.member.addresses) text += "  Adresse: " + address + "\n";
    text += "  Fingerabdruck des Schlüssels: " + network::fingerprint(request.member.key) + "\n";
    if (other_key) text += "  ACHTUNG: Das Mitglied dieses Namens hat einen anderen Schlüssel.\n";
  }
  if (a.has("json")) {
    print_json(s.out, Json::object({{"requests", std::move(list)}}));
    return {};
  }
  if (!waiting.empty()) {
    text += "\nVergleichen Sie den Fingerabdruck am Telefon, dann: verbund node admit NAME\n";
  }
  print(s.out, text);
  return {};
}

// The request that `word` and --fingerprint name; nothing if none of that name waits.
Result<std::optional<Member>> requested(const RegisterStore& members, const std::string& word, const Arguments& a) {
  std::vector<Member> found;
  for (WaitingRequest& one : members.waiting()) {
    const bool named = names(word, one.request.member.name);
    std::string given = a.get("fingerprint");
    std::string its = network::fingerprint(one.request.member.key);
    for (std::string* text : {&given, &its}) std::erase(*text, ' ');
    if (named && (given.empty() || given == its)) found.push_back(std::move(one.request.member));
  }
  if (found.size() > 1) {
    return fail(ErrorCode::usage, "several requests have this name and different keys", word,
                "say which with --fingerprint, after comparing it");
  }
  if (found.empty()) {
    if (a.has("fingerprint")) return fail(ErrorCode::not_found, "no request has this name and fingerprint", word);
    return std::nullopt;
  }
  return std::optional(std::move(found.front()));
}

Result<void> node_admit(const Surroundings& s, const MembershipParts& parts, store::Database& database,
                        const Arguments& a) {
  const std::string today = network::day_in_berlin(s.clock.now());
  Member member;
  const Change admit = [&](RegisterStore& members, store::Connection& connection) -> Result<void> {
    auto request = requested(members, a.words[0], a);
    if (!request) return pass(request);
    const auto old = find_member(members, a.words[0]);
    if (!*request && !old) {
      return fail(ErrorCode::not_found, "nobody of this name waits or is a member", a.words[0],
                  "`verbund node requests` and `verbund node status` list them");
    }
    member = *request ? **request : *old;
    if (*request && old) {
      if (old->key != member.key && !a.has("replace-key")) {
        return fail(ErrorCode::conflict, "the member of this name has another key", member.name,
                    "call them; if the new key is theirs, add --replace-key");
      }
      member.suspended = old->suspended;
    }
    if (auto read = read_mandate(connection, a, member.mandate); !read) return read;
    if (a.has("from")) member.valid_from = a.get("from");
    if (a.has("until")) member.valid_until = a.get("until") == "-" ? "" : a.get("until");
    if (auto may = network::check_admission(members.members(), member, today); !may) return may;
    members.say(member, s.clock.now());
    members.forget_requests(member.name);
    return {};
  };
  auto published = change_register(s, parts, database, a, admit);
  if (!published) return pass(published);
  print_member(s, a, member);
  return {};
}

Result<void> set_suspended(const Surroundings& s, const MembershipParts& parts, store::Database& database,
                           const Arguments& a, const std::string& reason) {
  Member member;
  const Change suspend = [&](RegisterStore& members, store::Connection&) -> Result<void> {
    const auto found = find_member(members, a.words[0]);
    if (!found) {
      return fail(ErrorCode::not_found, "there is no member of this name", a.words[0],
                  "`verbund node status` lists them");
    }
    member = *found;
    member.suspended = reason;
    if (auto checked = member.check(); !checked) return checked;
    members.say(member, s.clock.now());
    return {};
  };
  auto published = change_register(s, parts, database, a, suspend);
  if (!published) return pass(published);
  print_member(s, a, member);
  return {};
}

Result<void> node_suspend(const Surroundings& s, const MembershipParts& parts, store::Database& database,
                          const Arguments& a) {
  if (a.get("reason").empty()) return fail(ErrorCode::usage, "a reason is needed, all members can read it", "--reason");
  return set_suspended(s, parts, database, a, a.get("reason"));
}

Result<void> node_resume(const Surroundings& s, const MembershipParts& parts, store::Database& database,
                         const Arguments& a) {
  return set_suspended(s, parts, database, a, "");
}

}  // namespace

void add_membership_commands(command::Program& program, const Surroundings& s, const MembershipParts& parts) {
  const auto add = [&](command::Command command, auto work) {
    command.options.push_back(json_option);
    command.run = [s, parts, work](const Arguments& arguments) {
      return with_store(s, arguments,
                        [&](store::Database& database) { return work(s, parts, database, arguments); });
    };
    program.add(std::move(command));
  };
  std::vector<command::Option> join_options = {
      {"key", "SCHLÜSSEL", "öffentlicher Schlüssel des Mitgliederlogs, wie ihn der Betreiber nennt",
       "der dort gefundene; vergleichen Sie den Fingerabdruck", false},
      {"title", "NAME", "wie die anderen diesen Knoten nennen: \"Stadt Norderstedt\"",
       "look.operator_name, sonst look.name", false},
      {"address", "ADRESSE", "unter der die anderen diesen Knoten erreichen", "look.base_url", false},
      {"again", "", "kein Antrag: der Liste des Betreibers (--key) wieder glauben, ohne bekannte Zeugen", "", false}};
  join_options.insert(join_options.end(), mandate_options.begin(), mandate_options.end());
  add({.path = {"node", "join"}, .operands = "ADRESSE", .least_words = 1, .most_words = 1,
       .summary = "Beim Betreiber eines Netzes die Aufnahme beantragen",
       .explanation =
           "ADRESSE ist der Knoten des Betreibers. Der Antrag ist mit dem Schlüssel des eigenen Logs unterschrieben.\n"
           "Ohne Angaben beantragt er, wofür der Knoten schon spricht: die Redaktionen seiner Objekte und die Gebiete\n"
           "seiner Zuständigkeiten. Noch einmal aufgerufen, ersetzt er den wartenden Antrag oder beantragt eine\n"
           "Änderung. Wer so lange aus war, dass er keinen Zeugen mehr kennt (`node status` sagt es), beginnt mit\n"
           "--again und dem verglichenen Schlüssel wieder: Geglaubt wird eine Liste, die seine fortsetzt.\n\n"
           "Beispiel: verbund node join http://netz.land.example --title \"Stadt Norderstedt\"",
       .options = join_options, .run = {}}, &node_join);
  add({.path = {"node", "requests"}, .operands = "", .least_words = 0, .most_words = 0,
       .summary = "Wer auf die Aufnahme in das Netz dieses Betreibers wartet",
       .explanation = "Beispiel: verbund node requests",
       .options = {{"drop", "NAME", "die Anträge dieses Namens verwerfen", "", false}}, .run = {}}, &node_requests);
  std::vector<command::Option> admit_options = mandate_options;
  for (const command::Option& option : std::vector<command::Option>{
           {"from", "TAG", "erster Tag", "sofort", false},
           {"until", "TAG", "erster Tag, an dem es nicht mehr Mitglied ist; - nimmt ihn zurück", "unbegrenzt", false},
           {"fingerprint", "ZIFFERN", "welcher von mehreren Anträgen dieses Namens", "", false},
           {"replace-key", "", "einen anderen Schlüssel als bisher annehmen", "", false}}) {
    admit_options.push_back(option);
  }
  add({.path = {"node", "admit"}, .operands = "NAME", .least_words = 1, .most_words = 1,
       .summary = "Einen Knoten in das Netz aufnehmen oder sein Mandat ändern",
       .explanation =
           "NAME ist der Name seines Logs oder die Adresse davor. Ohne Angaben gilt das Mandat aus dem Antrag, sonst\n"
           "das bisherige. Alle anderen Knoten wenden die Änderung an, sobald sie sie hören.\n\n"
           "Beispiele: verbund node admit stadt.example\n"
           "           verbund node admit stadt.example --agencies L100001 --areas 010600063063 --until 2028-01-01",
       .options = admit_options, .run = {}}, &node_admit);
  add({.path = {"node", "suspend"}, .operands = "NAME", .least_words = 1, .most_words = 1,
       .summary = "Ein Mitglied ruhen lassen: niemand zeigt mehr, was es sagt",
       .explanation = "Beispiel: verbund node suspend stadt.example --reason \"Schlüssel verloren\"",
       .options = {{"reason", "GRUND", "warum; alle Mitglieder lesen ihn", "", true}}, .run = {}}, &node_suspend);
  add({.path = {"node", "resume"}, .operands = "NAME", .least_words = 1, .most_words = 1,
       .summary = "Ein ruhendes Mitglied wieder sprechen lassen",
       .explanation = "Beispiel: verbund node resume stadt.example", .options = {}, .run = {}}, &node_resume);
}

}  // namespace verbund::cli
