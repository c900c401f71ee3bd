// SPDX-License-Identifier: EUPL-1.2
#include "app/comparing.h"

#include <algorithm>
#include <filesystem>

#include "app/following_rules.h"
#include "app/own_key.h"
#include "network/log/http_log_source.h"
#include "network/log/own_log.h"
#include "network/register/register_store.h"

namespace verbund::app {
namespace {

using namespace std::chrono_literals;
using network::HeldLog;

constexpr auto pause_step = 100ms;      // how soon a pause ends with the program

// What a folder holds; no note if nothing is published there.
HeldLog held_in(const std::string& folder) {
  const auto files = std::make_shared<network::FolderLogSource>(folder);
  HeldLog out{.note = files->checkpoint().value_or("")};
  out.tiles = [files](const tlog::TileId& id) { return files->tile(id); };
  out.handovers = files->handovers().value_or("");
  return out;
}

http::ClientOptions patience(const std::stop_token& stop) {
  http::ClientOptions out;
  out.connect_time = 2s;
  out.answer_time = 5s;
  out.stop = stop;
  return out;
}

}  // namespace

Comparing::Comparing(store::Database& database, Witnessing& witnessing, ComparingOptions options, const Clock& clock,
                     const log::Log& log)
    : database_(database), witnessing_(witnessing), options_(std::move(options)), clock_(clock), log_(log),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

void Comparing::run(const std::stop_token& stop) {
  if (witnessing_.witness() == nullptr) return;
  while (!stop.stop_requested()) {
    for (auto rest = std::chrono::milliseconds(options_.every); rest > 0ms && !stop.stop_requested();
         rest -= pause_step) {
      std::this_thread::sleep_for(pause_step);
    }
    try {
      const bool mine = !options_.work || options_.work->is_mine("compare");
      if (!stop.stop_requested() && mine) ask_next(stop);
      failing_ = false;
    } catch (const store::Failure& failure) {
      if (!failing_) log_.error("logs not compared", {{"reason", failure.what()}});
      failing_ = true;
    }
  }
}

std::map<std::string, std::string> Comparing::logs() const {
  std::map<std::string, std::string> out;
  const auto add = [&](const std::string& origin, std::string folder) {
    std::error_code error;
    if (std::filesystem::exists(folder + "/checkpoint", error)) out.emplace(origin, std::move(folder));
  };
  if (const auto name = own_log_name(options_.data_folder)) add(*name, network::log_folder(options_.data_folder));
  const std::string heard = options_.data_folder + "/network/heard/";
  database_.read([&](store::Connection& connection) {
    const network::RegisterStore book(connection);
    for (const network::Member& member : book.members()) add(member.name, heard + safe_name(member.name));
    if (book.is_operator()) {
      const auto place = network::members_place(options_.data_folder);
      if (const auto key = network::load_key(place)) add(key->name, place.folder);
    } else if (const auto home = book.home()) {
      if (const auto key = tlog::VerifierKey::parse(home->key)) add(key->name, heard + safe_name(key->name));
    }
  });
  return out;
}

void Comparing::ask_next(const std::stop_token& stop) {
  const auto own_name = own_log_name(options_.data_folder);
  const std::string today = network::day_in_berlin(clock_.now());
  std::vector<std::string> addresses;
  database_.read([&](store::Connection& connection) {
    for (const network::Member& member : network::RegisterStore(connection).members()) {
      if (member.addresses.empty() || !member.active(today) || (own_name && member.name == *own_name)) continue;
      addresses.push_back(member.addresses.front());
    }
  });
  auto here = logs();
  network::Witness& witness = *witnessing_.witness();
  const auto judge = [&](const std::string& origin, const std::vector<HeldLog>& held) {
    const auto found = witness.compare(origin, held);
    if (found && *found) witnessing_.forked();
  };
  // What the witness has refused may be told from a copy that is here by now, or that somebody else has.
  for (const std::string& origin : witness.doubted()) {
    const auto folder = here.try_emplace(origin).first;
    if (!folder->second.empty()) judge(origin, {held_in(folder->second)});
  }
  if (addresses.empty() || here.empty()) return;
  const std::string& address = addresses[turn_++ % addresses.size()];
  auto next = std::next(here.begin(), static_cast<std::ptrdiff_t>(first_ % here.size()));
  for (std::size_t i = 0; i < std::min(options_.most, here.size()) && !stop.stop_requested(); ++i) {
    const auto& [origin, folder] = *next;
    if (++next == here.end()) next = here.begin();
    auto source = network::HttpLogSource::at(address + "/network/heard/" + safe_name(origin) + "/log", patience(stop));
    if (!source) return;
    auto note = source->checkpoint();
    if (!note && note.error().code == ErrorCode::not_found) continue;   // it does not follow this log
    if (!note) return;                                                  // away: its turn comes again
    const auto theirs = std::make_shared<network::HttpLogSource>(std::move(*source));
    std::vector<HeldLog> held;
    if (!folder.empty()) held.push_back(held_in(folder));
    held.push_back({.note = std::move(*note), .tiles = [theirs](const tlog::TileId& id) { return theirs->tile(id); }});
    judge(origin, held);
  }
  if (turn_ % addresses.size() == 0) first_ += options_.most;
}

}  // namespace verbund::app
