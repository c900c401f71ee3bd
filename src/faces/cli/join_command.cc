// SPDX-License-Identifier: EUPL-1.2
// `verbund node join`: asks the operator of a network to be admitted.
#include "base/text.h"
#include "faces/cli/membership_words.h"
#include "faces/cli/publish.h"
#include "faces/cli/run.h"
#include "kits/file/file.h"
#include "kits/http/client.h"
#include "network/log/http_log_source.h"
#include "network/register/member_sink.h"

namespace verbund::cli {
namespace {

using command::Arguments;
using network::Member;

constexpr std::size_t answer_limit = 64 * 1024;

std::string without_end_slashes(std::string text) {
  while (text.ends_with('/')) text.pop_back();
  return text;
}

// The key of the membership log at the operator: the one that was given or entered before, else the one found there.
Result<tlog::VerifierKey> operator_key(const std::string& address, const std::string& given) {
  auto source = network::HttpLogSource::at(address + "/network/members", {.busy_time = network::command_patience});
  if (!source) return pass(source);
  auto said = source->key();
  if (!said) {
    if (said.error().code == ErrorCode::not_found) {
      said.error() = {ErrorCode::not_found, "there is no network's operator", address,
                      "ask for the address of the operator's node"};
    }
    return pass(said);
  }
  auto key = tlog::VerifierKey::parse(trim(*said));
  if (!key) return pass(key);
  if (!given.empty() && trim(given) != key->to_text()) {
    return fail(ErrorCode::conflict, "the operator has another key than the one that is known", address,
                "compare fingerprints with the operator; `--key` names the one to believe");
  }
  const auto checkpoint = source->checkpoint();
  if (!checkpoint) return std::unexpected(checkpoint.error());
  if (const auto opened = tlog::open_checkpoint(*checkpoint, *key); !opened) return std::unexpected(opened.error());
  return key;
}

Result<Member> wanted(const MembershipParts& parts, store::Connection& connection, const Arguments& a,
                      const std::string& folder, const tlog::VerifierKey& key) {
  auto settings = parts.settings(a);
  if (!settings) return pass(settings);
  Member out;
  out.name = key.name;
  out.key = key.to_text();
  out.title = a.get("title");
  if (out.title.empty()) out.title = settings->text("look.operator_name");
  if (out.title.empty()) out.title = settings->text("look.name");
  const std::string address =
      without_end_slashes(a.has("address") ? a.get("address") : settings->text("look.base_url"));
  if (!address.empty()) out.addresses.push_back(address);
  if (auto witness = network::load_key(network::LogPlace("", folder + "/network/witness.key"))) {
    out.witness_key = witness->verifier().to_text();
  }
  out.mandate = parts.said(connection);
  if (auto read = read_mandate(connection, a, out.mandate); !read) return pass(read);
  if (auto checked = out.check(); !checked) {
    Error& error = checked.error();
    for (const auto& [field, option] : {std::pair{"mandate.agencies", "--agencies"}, {"mandate.areas", "--areas"},
                                        {"mandate.levels", "--levels"}, {"mandate.kinds", "--kinds"},
                                        {"title", "--title"}, {"addresses", "--address"}}) {
      if (error.where == field) error.where = option;
    }
    error.code = ErrorCode::usage;
    if (out.mandate == network::Mandate()) error.hint = "name what this node will speak for: --agencies and --areas";
    return pass(checked);
  }
  return out;
}

// Sends the request. False: it is a member already, just as it wants to be.
Result<bool> send(const std::string& address, const std::string& note) {
  http::Client client;
  auto answer = client.post(address + "/network/requests", note, answer_limit,
                            {{"Content-Type", "text/plain; charset=utf-8"}});
  if (!answer) return pass(answer);
  if (answer->status == 202) return true;
  const auto problem = parse_json(*answer->body, "answer", {.bytes = answer_limit, .depth = 4, .values = 100});
  std::string detail = problem ? std::string(cut_utf8(problem->text_or("detail"), 300)) : "";
  if (answer->status == 409 && detail.find("member already") != std::string::npos) return false;
  if (detail.empty()) detail = "the operator's node answered " + std::to_string(answer->status);
  return fail(answer->status == 503 ? ErrorCode::unavailable : ErrorCode::conflict, detail, address);
}

// For a member that was away for long: no request, only the operator's log believed by its key alone once more.
Result<void> believe_again(const Surroundings& s, store::Database& database, const Arguments& a,
                           const std::string& folder, const std::string& address) {
  std::optional<network::Home> home;
  database.read([&](store::Connection& connection) { home = network::RegisterStore(connection).home(); });
  if (!home) {
    return fail(ErrorCode::conflict, "this node belongs to no network", folder, "without --again it asks to join one");
  }
  const auto key = tlog::VerifierKey::parse(trim(a.get("key")));
  if (!key) {
    return fail(ErrorCode::usage, "--again needs the operator's key", "--key",
                "the operator reads out its fingerprint; `verbund node status` shows the key that is known here");
  }
  if (key->to_text() != home->key) {
    return fail(ErrorCode::conflict, "this node belongs to a network with another key", "--key",
                "without --again it asks to join the other one");
  }
  if (auto done = file::write(network::members_anew_file(folder), home->key + "\n"); !done) return done;
  auto written = database.write([&](store::Connection& connection) -> Result<void> {   // a running node notices
    network::RegisterStore(connection).set_home({address, home->key});
    return {};
  });
  if (!written) return written;
  const std::string print_of = network::fingerprint(home->key);
  if (a.has("json")) {
    print_json(s.out, Json::object({{"state", "anew"}, {"operator_key", home->key}, {"operator_fingerprint", print_of}}));
    return {};
  }
  print(s.out, "Der Liste von " + key->name + " glaubt dieser Knoten das nächste Mal auch ohne Zeugen, die er kennt.\n"
               "Fingerabdruck des Betreibers:  " + print_of + "\n");
  return {};
}

}  // namespace

Result<void> node_join(const Surroundings& s, const MembershipParts& parts, store::Database& database,
                       const Arguments& a) {
  const std::string folder = parts.data_folder(a);
  const std::string address = without_end_slashes(a.words[0]);
  if (a.has("again")) return believe_again(s, database, a, folder, address);
  auto key = signer_of(s, a, folder, folder);
  if (!key) {
    if (key.error().code == ErrorCode::not_found) {
      key.error() = {ErrorCode::not_found, "this node has no log yet", folder, "first `verbund node init --name ...`"};
    }
    return pass(key);
  }
  std::optional<network::Home> home;
  Result<Member> member;
  database.read([&](store::Connection& connection) {
    home = network::RegisterStore(connection).home();
    member = wanted(parts, connection, a, folder, key->key);
  });
  if (!member) return pass(member);
  std::string known = a.get("key");
  if (known.empty() && home && home->address == address) known = home->key;
  auto operators = operator_key(address, known);
  if (!operators) return pass(operators);
  const network::JoinRequest request{*member, operators->name, s.clock.now()};
  const auto note = request.to_note(*key);
  if (!note) return std::unexpected(note.error());
  auto sent = send(address, *note);
  if (!sent) return pass(sent);
  auto written = database.write([&](store::Connection& connection) -> Result<void> {
    network::RegisterStore(connection).set_home({address, operators->to_text()});
    return {};
  });
  if (!written) return written;
  const std::string today = network::day_in_berlin(s.clock.now());
  if (a.has("json")) {
    print_json(s.out, Json::object({{"state", *sent ? "waiting" : "member"}, {"operator_key", operators->to_text()},
                                    {"operator_fingerprint", network::fingerprint(operators->to_text())},
                                    {"member", member_json(*member, today)}}));
    return {};
  }
  std::string text = (*sent ? "Der Antrag wartet bei " : "Schon Mitglied, genau so: ") + operators->name + "\n" +
                     mandate_text(member->mandate, "  ");
  if (member->addresses.empty()) {
    text += "  Ohne Adresse: Die anderen hören diesen Knoten nur über einen Knotenpunkt (--address, look.base_url).\n";
  }
  text += "Fingerabdruck dieses Knotens:  " + network::fingerprint(member->key) + "\n" +
          "Fingerabdruck des Betreibers:  " + network::fingerprint(operators->to_text()) + "\n";
  if (known.empty()) text += "Vergleichen Sie beide am Telefon mit dem Betreiber.\n";
  print(s.out, text);
  return {};
}

}  // namespace verbund::cli
