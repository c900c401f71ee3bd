// SPDX-License-Identifier: EUPL-1.2
#include "app/following_log.h"

#include <algorithm>
#include <utility>

#include "app/outbox.h"

namespace verbund::app {
namespace {

using namespace std::chrono_literals;
using SteadyClock = std::chrono::steady_clock;

constexpr std::chrono::seconds longest_wait = 25s;      // of one request for a checkpoint
constexpr auto ask_every = 1s;          // where nobody waits for us
constexpr auto first_pause = 500ms;     // after a fault; doubled up to
constexpr auto longest_pause = 10s;
constexpr auto worth_a_word = 2s;       // that a log cannot be reached
constexpr auto compare_time = 5s;       // for its answer
constexpr auto ask_other_every = 1s;    // another address of some log
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

Following::Log::Log(Following& all, std::string origin, network::Sink& sink,
                    std::shared_ptr<network::SharedFolder> shared)
    : all_(all), origin_(std::move(origin)), sink_(sink),
      folder_(all.copy_folder(origin_)), shared_(std::move(shared)), here_(shared_ == nullptr),
      heard_(std::make_shared<HeardLog>(folder_, all.database_, sink)) {
  const auto gauge = [&](const char* name, const char* help, const std::atomic<double>& value) {
    all_.registry_.gauge(name, help, [&value] { return value.load(); }, label(origin_));
  };
  gauge("verbund_followed_entries", "Entries of a followed log that are applied", applied_);
  gauge("verbund_followed_announced", "Entries of a followed log that its publisher has announced", announced_);
  gauge("verbund_followed_delay_seconds", "From an entry's time to its being applied, newest entry", delay_);
  gauge("verbund_followed_missing", "Texts of a followed log that have not come", missing_);
  gauge("verbund_followed_refused", "Entries of a followed log that are not believed", refused_);
  gauge("verbund_followed_silent", "Whether the publisher of a followed log may not speak now", silent_);
  if (shared_) gauge("verbund_followed_here", "Whether this process follows the log, and no other one", follows_);
  gauge("verbund_followed_alarm", "Whether somebody has to look after a followed log", alarm_);
}

network_log::HeardLog Following::Log::heard() {
  return {heard_, [this] { return latest_.get(); }};
}

void Following::Log::want(network::Trust trust, network::Rules rules, std::vector<std::string> addresses) {
  const std::lock_guard lock(mutex_);
  wanted_ = Wanted{std::move(trust), std::move(rules), std::move(addresses)};
  interrupt_.request_stop();
}

void Following::Log::interrupt() {
  const std::lock_guard lock(mutex_);
  interrupt_.request_stop();
}

SteadyClock::duration Following::Log::poll(const std::stop_token& stop, bool wait) {
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
    if (shared_ && !here_) {
      if (wanted) now_ = std::move(*wanted);
      return take_copy();
    }
    // Another process follows it by now: this one finds out soon that it is none of its own any more. If it is not told
    // so, they do not have the same settings: then they take turns, slowly.
    if (follower_ && shared_ && !shared_->leads()) {
      follower_.reset();
      source_.reset();
      follows_ = 0;
      if (wanted) now_ = std::move(*wanted);
      return first_pause;
    }
    if (wanted && !take(std::move(*wanted))) return pause();
    if (!follower_) return open() ? 0s : pause();
    return ask(stop, wait);
  } catch (const store::Failure& failure) {
    say({network::Trouble::storage, failure.what()});
    return pause();
  }
}

bool Following::Log::follow_here(bool here) {
  if (!shared_ || here_.exchange(here) == here) return false;
  interrupt();
  return true;
}

void Following::Log::applied_elsewhere(const network::FollowedLog& log) {
  if (here_) return;
  applied_ = static_cast<double>(log.position);
  announced_ = static_cast<double>(log.size);
  alarm_ = network::is_alarm(log.trouble) ? 1 : 0;
}

SteadyClock::duration Following::Log::take_copy() {
  follower_.reset();
  source_.reset();
  answered_ = false;
  shared_->step_down();
  follows_ = 0;
  const auto pulled = shared_->pull();
  if (!pulled) {
    say({network::Trouble::storage, pulled.error().text()});
    return pause();
  }
  pause_ = first_pause;
  said_ = network::Trouble::none;
  show_copy();
  if (*pulled && &sink_ == &all_.members_) all_.members_believed();   // by the process that follows it
  if (*pulled && all_.changed_) all_.changed_();
  return longest_pause;
}

bool Following::Log::take(Wanted wanted) {
  if (!now_ || now_->addresses != wanted.addresses) at_ = tried_ = 0;   // the first one is wanted most
  now_ = std::move(wanted);
  source_.reset();
  pause_ = first_pause;
  if (!follower_ && !open()) return false;
  follower_->change(now_->trust, now_->rules);
  return true;
}

bool Following::Log::open() {
  if (!now_) return false;
  network::Follower::Options options;
  options.ahead = true;
  if (shared_) {
    if (auto led = shared_->lead(); !led) {
      say({network::Trouble::storage, led.error().text()});
      return false;
    }
    options.may_write = [shared = shared_](store::Connection& connection) { return shared->check(connection); };
    options.mirror.share = [shared = shared_](const std::vector<network::LogFile>& files) {
      return shared->add(files);
    };
    follows_ = 1;
  }
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

SteadyClock::duration Following::Log::ask(const std::stop_token& stop, bool wait) {
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
  // Nor shall it be long until another one is asked: whoever keeps something back lets us wait here.
  const bool alone = now_->addresses.size() < 2;
  const std::chrono::seconds longest = alone ? longest_wait : std::min(longest_wait, all_.options_.compare_every);
  auto note = source_->checkpoint_after(before, patient ? longest : 0s);
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
  if (&sink_ == &all_.members_) all_.members_believed();
  if (!std::exchange(answered_, true)) return 0s;
  compare_others(stop);
  // A server of plain files does not wait: then we do.
  const bool quick = SteadyClock::now() - begin < 100ms && follower_->mirror().size() == before;
  return quick || !wait ? SteadyClock::duration(ask_every) : 0s;
}

void Following::Log::compare_others(const std::stop_token& stop) {
  const auto now = SteadyClock::now();
  const std::size_t count = now_->addresses.size();
  if (count < 2 || now < compare_at_ || stop.stop_requested()) return;
  {
    // One question a second in all: who hands on many logs is asked by many.
    const std::lock_guard lock(all_.mutex_);
    if (now < all_.ask_other_at_) return;
    all_.ask_other_at_ = now + ask_other_every;
  }
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

void Following::Log::show() {
  const auto& state = follower_->state();
  const auto applied = static_cast<double>(state.position);
  const bool grown = applied > applied_.exchange(applied);
  announced_ = static_cast<double>(state.size);
  alarm_ = network::is_alarm(state.trouble) ? 1 : 0;
  missing_ = static_cast<double>(follower_->missing());
  refused_ = static_cast<double>(follower_->refused());
  silent_ = now_ && !now_->rules.speaks ? 1 : 0;
  if (grown && state.said_at != Instant{}) {
    delay_ = std::max(0.0, std::chrono::duration<double>(all_.clock_.now() - state.said_at).count());
  }
  show_copy();
  if (grown && all_.changed_) all_.changed_();
}

void Following::Log::show_copy() {
  const auto published = heard_->checkpoint();
  const auto latest = latest_.get().checkpoint;   // of one size there may be two: signed by a new key
  if (published && (!latest || *latest != *published)) {
    const auto checkpoint = heard_->published();
    if (checkpoint) latest_.set(checkpoint->size, *published);
  }
}

void Following::Log::done(const network::Fault& fault) {
  show();
  say(fault);
}

void Following::Log::say(const network::Fault& fault) {
  if (fault.what != network::Trouble::away) away_since_.reset();
  if (fault.what == said_) return;
  if (shared_ && follower_ && !shared_->leads()) return;   // another process goes on
  // Who starts together with us is not there at once: worth a word only when it lasts.
  if (fault.what == network::Trouble::away) {
    const auto now = SteadyClock::now();
    if (now - away_since_.value_or(now) < worth_a_word) {
      away_since_ = away_since_.value_or(now);
      return;
    }
  }
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

SteadyClock::duration Following::Log::failed(const network::Fault& fault) {
  follower_->failed(fault, all_.clock_.now());
  network::FolderLogSource nowhere(folder_);
  (void)follower_->settle(nowhere, all_.clock_.now());   // new rules need no publisher
  follower_->failed(fault, all_.clock_.now());
  done(fault);
  return failed_over();
}

SteadyClock::duration Following::Log::failed_over() {
  ++at_;              // another address may do better, and is asked at once
  source_.reset();
  answered_ = false;
  if (++tried_ % std::max<std::size_t>(1, now_->addresses.size()) != 0) return 0s;
  return pause();
}

SteadyClock::duration Following::Log::pause() {
  const auto out = pause_;
  pause_ = std::min<SteadyClock::duration>(pause_ * 2, longest_pause);
  return out;
}

}  // namespace verbund::app
