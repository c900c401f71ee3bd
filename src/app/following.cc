// SPDX-License-Identifier: EUPL-1.2
#include "app/following.h"

#include <chrono>
#include <filesystem>
#include <optional>

#include "app/outbox.h"
#include "app/own_key.h"
#include "base/text.h"
#include "network/following/follower.h"
#include "network/log/http_log_source.h"
#include "network/register/register_store.h"

namespace verbund::app {
namespace {

using namespace std::chrono_literals;
using SteadyClock = std::chrono::steady_clock;

constexpr auto look_every = 10ms;       // whether the members or their rules have changed
constexpr auto longest_wait = 25s;      // of one request for a checkpoint
constexpr auto ask_every = 1s;          // where nobody waits for us
constexpr auto first_pause = 500ms;     // after a fault; doubled up to
constexpr auto longest_pause = 10s;
constexpr auto compare_time = 5s;       // for its answer
constexpr auto keeping_back = 5s;       // who is behind for so long keeps something back

// Bodies of what was heard, out of the store.
class HeardBodies : public network::Outbox {
 public:
  HeardBodies(store::Database& database, network::Sink& sink) : database_(database), sink_(sink) {}
  std::int64_t read(std::int64_t after, std::size_t, const std::function<void(network::Entry)>&) override {
    return after;
  }
  std::int64_t last() override { return 0; }
  void bodies(std::span<const network::Entry> entries,
              const std::function<bool(std::optional<std::string>)>& each) override {
    database_.read([&](store::Connection& connection) {
      for (const network::Entry& entry : entries) {
        if (!each(entry.digest ? sink_.held(connection, entry) : std::nullopt)) return;
      }
    });
  }

 private:
  store::Database& database_;
  network::Sink& sink_;
};

class HeardLog : public HeardBodies, public network::OwnLog {
 public:
  HeardLog(const std::string& folder, store::Database& database, network::Sink& sink)
      : HeardBodies(database, sink), OwnLog(network::LogPlace(folder, ""), static_cast<HeardBodies&>(*this)) {}
};

std::string label(const std::string& origin) {
  std::string out = "log=\"";
  for (const char c : origin) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

}  // namespace

// One log that is followed. What is wanted of it is set by the coordinator; the rest belongs to the worker that has it.
class Following::Log {
 public:
  Log(Following& all, std::string origin, network::Sink& sink)
      : all_(all), origin_(std::move(origin)), sink_(sink),
        folder_(all.copy_folder(origin_)),
        heard_(std::make_shared<HeardLog>(folder_, all.database_, sink)) {
    const auto gauge = [&](const char* name, const char* help, const std::atomic<double>& value) {
      all_.registry_.gauge(name, help, [&value] { return value.load(); }, label(origin_));
    };
    gauge("verbund_followed_entries", "Entries of a followed log that are applied", applied_);
    gauge("verbund_followed_announced", "Entries of a followed log that its publisher has announced", announced_);
    gauge("verbund_followed_delay_seconds", "From an entry's time to its being applied, newest entry", delay_);
    gauge("verbund_followed_alarm", "Whether somebody has to look after a followed log", alarm_);
  }

  // Times of the scheduler; under its lock.
  SteadyClock::time_point due{};
  bool busy = false;
  bool waits = true;          // may wait long for its next checkpoint
  bool again = false;         // its rules changed while it was busy

  network_log::HeardLog heard() {
    return {std::shared_ptr<network::OwnLog>(heard_), [this] { return latest_.get(); }};
  }

  void want(network::Trust trust, network::Rules rules, std::vector<std::string> addresses) {
    const std::lock_guard lock(mutex_);
    wanted_ = Wanted{std::move(trust), std::move(rules), std::move(addresses)};
    interrupt_.request_stop();
  }
  void interrupt() {
    const std::lock_guard lock(mutex_);
    interrupt_.request_stop();
  }

  // Asks once and applies what there is. Gives how long it may rest then.
  SteadyClock::duration poll(const std::stop_token& stop, bool wait) {
    std::optional<Wanted> wanted;
    {
      const std::lock_guard lock(mutex_);
      wanted.swap(wanted_);
      if (interrupt_.stop_requested()) {
        interrupt_ = std::stop_source();
        source_.reset();   // it has the token of the old one
      }
      token_ = interrupt_.get_token();
    }
    if (stop.stop_requested()) return longest_pause;
    try {
      if (wanted && !take(std::move(*wanted))) return pause();
      if (!follower_) return open() ? 0s : pause();
      return ask(stop, wait);
    } catch (const store::Failure& failure) {
      say({network::Trouble::storage, failure.what()});
      return pause();
    }
  }

 private:
  struct Wanted {
    network::Trust trust;
    network::Rules rules;
    std::vector<std::string> addresses;
  };

  bool take(Wanted wanted) {
    now_ = std::move(wanted);
    source_.reset();
    pause_ = first_pause;
    if (!follower_ && !open()) return false;
    follower_->change(now_->trust, now_->rules);
    return true;
  }

  bool open() {
    if (!now_) return false;
    network::Follower::Options options;
    options.ahead = true;
    auto opened =
        network::Follower::open(folder_, all_.database_, sink_, now_->trust, now_->rules, std::move(options));
    if (!opened) {
      say(opened.error());
      return false;
    }
    follower_ = std::move(*opened);
    follower_->connecting(all_.clock_.now());
    answered_ = false;
    show();
    return true;
  }

  SteadyClock::duration ask(const std::stop_token& stop, bool wait) {
    if (now_->addresses.empty() || !now_->rules.speaks) {
      network::FolderLogSource nowhere(folder_);   // it has no bodies
      const auto more = follower_->settle(nowhere, all_.clock_.now());
      done(more ? network::Fault{} : more.error());
      if (!more) return pause();
      return *more ? 0s : longest_pause;
    }
    const auto begin = SteadyClock::now();
    if (!source_) {
      const std::string& address = now_->addresses[at_ % now_->addresses.size()];
      http::ClientOptions options;
      options.stop = token_;
      auto made = network::HttpLogSource::at(address, options);
      if (!made) return failed({network::Trouble::away, made.error().text()});
      source_.emplace(std::move(*made));
    }
    const std::uint64_t before = follower_->mirror().size();
    // The first answer shall not wait for the next entry: whether all is well is known with it.
    const bool patient = wait && answered_ && !behind();
    auto note = source_->checkpoint_after(before, patient ? longest_wait : 0s);
    if (!note) {
      if (token_.stop_requested() || stop.stop_requested()) return 0s;
      return failed({network::Trouble::away, note.error().text()});
    }
    while (true) {
      const auto more = follower_->step(*source_, *note, all_.clock_.now());
      done(more ? network::Fault{} : more.error());
      if (!more) return token_.stop_requested() ? 0s : failed_over();
      if (!*more || stop.stop_requested()) break;
    }
    pause_ = first_pause;
    tried_ = 0;
    if (!std::exchange(answered_, true)) return 0s;
    compare_others(stop);
    // A server of plain files does not wait: then we do.
    const bool quick = SteadyClock::now() - begin < 100ms && follower_->mirror().size() == before;
    return quick || !wait ? SteadyClock::duration(ask_every) : 0s;
  }

  // Who gives us the log could keep something back: now and then somebody else is asked, where there is somebody. What
  // he has more is taken from him, and he is asked from then on.
  void compare_others(const std::stop_token& stop) {
    const auto now = SteadyClock::now();
    const std::size_t count = now_->addresses.size();
    if (count < 2 || now < compare_at_ || stop.stop_requested()) return;
    compare_at_ = now + all_.options_.compare_every;
    compared_ = (compared_ + 1) % (count - 1);
    const std::size_t other = (at_ + 1 + compared_) % count;
    http::ClientOptions options;
    options.stop = token_;
    options.answer_time = compare_time;
    auto made = network::HttpLogSource::at(now_->addresses[other], options);
    if (!made) return;
    const auto note = made->checkpoint();
    const auto parsed = note ? tlog::parse_note(*note) : std::unexpected(note.error());
    const auto checkpoint = parsed ? tlog::Checkpoint::parse(parsed->text) : std::unexpected(parsed.error());
    if (!checkpoint || checkpoint->size <= follower_->mirror().announced()) return;
    // Perhaps it has just come: then the usual one has it, too.
    const auto usual = source_->checkpoint_after(checkpoint->size - 1, keeping_back);
    const auto usual_note = usual ? tlog::parse_note(*usual) : std::unexpected(usual.error());
    const auto has = usual_note ? tlog::Checkpoint::parse(usual_note->text) : std::unexpected(usual_note.error());
    if (has && has->size >= checkpoint->size) return;
    const auto more = follower_->step(*made, *note, all_.clock_.now());
    if (!more) return;   // he has something else, but nothing that is to be believed
    all_.log_.warning("followed log was kept back", {{"log", origin_}, {"by", source_->address()},
                                                     {"taken from", made->address()}});
    at_ = other;
    source_.emplace(std::move(*made));
    done({});
  }

  bool behind() const { return follower_->state().position < follower_->mirror().size(); }

  // What the outside sees.
  void show() {
    const auto& state = follower_->state();
    const auto applied = static_cast<double>(state.position);
    const bool grown = applied > applied_.exchange(applied);
    announced_ = static_cast<double>(state.size);
    alarm_ = network::is_alarm(state.trouble) ? 1 : 0;
    if (grown && state.said_at != Instant{}) {
      delay_ = std::max(0.0, std::chrono::duration<double>(all_.clock_.now() - state.said_at).count());
    }
    const auto published = heard_->checkpoint();
    const auto latest = latest_.get().checkpoint;   // of one size there may be two: signed by a new key
    if (published && (!latest || *latest != *published)) {
      const auto checkpoint = heard_->published();
      if (checkpoint) latest_.set(checkpoint->size, *published);
    }
    if (grown && all_.changed_) all_.changed_();
  }

  void done(const network::Fault& fault) {
    show();
    say(fault);
  }

  // Each new trouble is a line in the log.
  void say(const network::Fault& fault) {
    if (fault.what == said_) return;
    said_ = fault.what;
    const std::string what(network::name(fault.what));
    if (network::is_alarm(fault.what)) {
      all_.log_.error("followed log in trouble", {{"log", origin_}, {"trouble", what}, {"reason", fault.message},
                                                  {"from", source_ ? source_->address() : std::string()}});
    } else if (fault.what == network::Trouble::away) {
      all_.log_.warning("followed log not reached", {{"log", origin_}, {"reason", fault.message}});
    } else {
      all_.log_.info("followed log in order again", {{"log", origin_}});
    }
  }

  SteadyClock::duration failed(const network::Fault& fault) {
    follower_->failed(fault, all_.clock_.now());
    network::FolderLogSource nowhere(folder_);
    (void)follower_->settle(nowhere, all_.clock_.now());   // new rules need no publisher
    follower_->failed(fault, all_.clock_.now());
    done(fault);
    return failed_over();
  }
  SteadyClock::duration failed_over() {
    ++at_;              // another address may do better, and is asked at once
    source_.reset();
    answered_ = false;
    if (++tried_ % std::max<std::size_t>(1, now_->addresses.size()) != 0) return 0s;
    return pause();
  }
  SteadyClock::duration pause() {
    const auto out = pause_;
    pause_ = std::min<SteadyClock::duration>(pause_ * 2, longest_pause);
    return out;
  }

  Following& all_;
  const std::string origin_;
  network::Sink& sink_;
  const std::string folder_;
  const std::shared_ptr<HeardLog> heard_;
  LatestCheckpoint latest_;
  std::atomic<double> applied_{0}, announced_{0}, delay_{0}, alarm_{0};

  std::mutex mutex_;
  std::optional<Wanted> wanted_;         // not taken yet
  std::stop_source interrupt_;           // of a request that waits
  std::stop_token token_;

  std::optional<Wanted> now_;
  std::unique_ptr<network::Follower> follower_;
  std::optional<network::HttpLogSource> source_;
  std::size_t at_ = 0;                   // the address that is asked
  std::size_t tried_ = 0;                // addresses without success, one after the other
  bool answered_ = false;                // since the start, or since another address is asked
  std::size_t compared_ = 0;             // which of the others was asked last
  SteadyClock::time_point compare_at_{};
  SteadyClock::duration pause_ = first_pause;
  network::Trouble said_ = network::Trouble::none;
};

Following::Following(store::Database& database, FollowingOptions options, const Clock& clock, const log::Log& log,
                     metrics::Registry& registry, std::function<void()> changed)
    : database_(database), options_(std::move(options)), choice_(options_.follow), clock_(clock), log_(log),
      registry_(registry), changed_(std::move(changed)), directory_(database),
      coordinator_([this](const std::stop_token& stop) { coordinate(stop); }) {}

Following::~Following() {
  coordinator_.request_stop();
  coordinator_.join();
  for (auto& worker : workers_) worker.request_stop();
  {
    const std::lock_guard lock(mutex_);
    for (auto& [name, log] : logs_) log->interrupt();
  }
  workers_.clear();
}

network_log::HeardLog Following::heard(std::string_view name) {
  const std::lock_guard lock(mutex_);
  const auto found = logs_.find(name);
  if (found == logs_.end()) return {};
  return found->second->heard();
}

void Following::coordinate(const std::stop_token& stop) {
  bool failing = false;
  while (!stop.stop_requested()) {
    try {
      const std::int64_t version = database_.version();
      const std::string today = network::day_in_berlin(clock_.now());
      if (version != seen_ || today != planned_day_) {
        seen_ = version;
        planned_day_ = today;
        plan();
      }
      failing = false;
    } catch (const store::Failure& failure) {
      if (!failing) log_.error("members not read", {{"reason", failure.what()}});
      failing = true;
      seen_ = -1;
    }
    std::this_thread::sleep_for(look_every);
  }
}

// Which logs are followed and under which rules, out of the register.
void Following::plan() {
  std::optional<network::Home> home;
  std::optional<network::Policy> policy;
  std::vector<network::Member> members;
  std::vector<network::FollowedLog> known;
  std::string text;
  bool is_operator = false;
  database_.read([&](store::Connection& connection) {
    const network::RegisterStore store(connection);
    is_operator = store.is_operator();
    home = store.home();
    text = std::to_string(store.version()) + (is_operator ? " operator " : " ") + planned_day_;
    if (home) text += " " + home->address + " " + home->key;
  });
  const auto own_name = own_log_name(options_.data_folder);
  text += own_name ? " " + *own_name : "";
  if (text == plan_text_) return;
  database_.read([&](store::Connection& connection) {
    const network::RegisterStore store(connection);
    policy = store.policy();
    members = store.members();
    known = network::FollowedStore(connection).logs();
  });
  if (!own_name) {   // it comes with the first start; nobody follows himself meanwhile
    seen_ = -1;
    return;
  }
  const auto heard_at = [](const std::string& node, const std::string& origin) {
    return node + "/network/heard/" + safe_name(origin) + "/log";
  };
  // Hubs first, in their order; where none of them gives a log, its publisher does.
  const auto addresses_of = [&](const std::string& origin, const std::vector<std::string>& publisher) {
    std::vector<std::string> out;
    for (const std::string_view hub : split(options_.hub, ' ')) {
      if (!hub.empty()) out.push_back(heard_at(std::string(hub), origin));
    }
    out.insert(out.end(), publisher.begin(), publisher.end());
    return out;
  };
  std::map<std::string, bool> wanted;
  const auto membership = std::make_shared<const network::Membership>(members);
  if (home && !is_operator) {
    if (auto key = tlog::VerifierKey::parse(home->key)) {
      const std::string origin = key->name;
      const auto membership_rules = network::members_rules();
      auto trust = trust_in_members(*membership, *key, policy.value_or(network::Policy{}), planned_day_);
      // Who has seen nothing yet knows no witnesses either: the operator's key is what it was given.
      if (std::error_code error; !std::filesystem::exists(copy_folder(origin) + "/seen", error)) trust.quorum = 0;
      wanted[origin] = true;
      want(origin, std::move(trust), membership_rules,
           addresses_of(origin, {home->address + "/network/members"}), members_);
    }
  }
  for (const network::Member& member : membership->members()) {
    if (member.name == *own_name || !choice_.chooses(member)) continue;
    auto trust = trust_for(*membership, member, policy.value_or(network::Policy{}), planned_day_);
    if (!trust) continue;   // the register takes no member whose key does not read
    std::vector<std::string> addresses;
    for (const std::string& address : member.addresses) addresses.push_back(address + "/network/log");
    // The operator hands on what it follows: where the publisher is away, its log need not be.
    if (home && !is_operator) addresses.push_back(heard_at(home->address, member.name));
    addresses = addresses_of(member.name, addresses);
    wanted[member.name] = true;
    want(member.name, std::move(*trust), rules_for(membership, member, planned_day_), std::move(addresses), directory_);
  }
  // What was followed once and is not wanted any more is not shown either.
  for (const network::FollowedLog& log : known) {
    if (wanted.contains(log.origin)) continue;
    network::Trust trust;
    trust.key.name = log.origin;
    const bool of_members = log.terms == network::members_rules().terms;
    network::Sink& sink = of_members ? static_cast<network::Sink&>(members_) : directory_;
    want(log.origin, std::move(trust), silent_rules(), {}, sink);
  }
  plan_text_ = std::move(text);
}

void Following::want(const std::string& origin, network::Trust trust, network::Rules rules,
                     std::vector<std::string> addresses, network::Sink& sink) {
  const std::lock_guard lock(mutex_);
  auto& log = logs_[safe_name(origin)];
  if (!log) log = std::make_shared<Log>(*this, origin, sink);
  log->want(std::move(trust), std::move(rules), std::move(addresses));
  log->due = SteadyClock::now();
  log->again = log->busy;
  const std::size_t threads = std::min(logs_.size(), options_.threads);
  while (workers_.size() < threads) {
    workers_.emplace_back([this](const std::stop_token& stop) { work(stop); });
  }
  wake_.notify_all();
}

std::shared_ptr<Following::Log> Following::next(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    std::shared_ptr<Log> soonest;
    for (auto& [name, log] : logs_) {
      if (!log->busy && (!soonest || log->due < soonest->due)) soonest = log;
    }
    if (soonest && soonest->due <= SteadyClock::now()) {
      soonest->busy = true;
      soonest->waits = logs_.size() <= options_.threads;
      return soonest;
    }
    if (soonest) wake_.wait_until(lock, stop, soonest->due, [] { return false; });
    else wake_.wait(lock, stop, [] { return false; });
  }
  return nullptr;
}

void Following::work(const std::stop_token& stop) {
  while (const auto log = next(stop)) {
    const auto rest = log->poll(stop, log->waits);
    const std::lock_guard lock(mutex_);
    log->busy = false;
    log->due = std::exchange(log->again, false) ? SteadyClock::now() : SteadyClock::now() + rest;
    wake_.notify_all();
  }
}

}  // namespace verbund::app
