// SPDX-License-Identifier: EUPL-1.2
// Following: follow_bench sync NODE_FOLDER WORK_FOLDER - the first full copy of a node's log over loopback HTTP;
// follow_bench change WORK_FOLDER [FOLLOWERS CHANGES] - from a commit at the publisher to the page of each follower.
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "app/directory_sink.h"
#include "app/node.h"
#include "app/running_node.h"
#include "directory/objects/object_store.h"
#include "kits/http/client.h"
#include "network/following/follower.h"
#include "network/log/http_log_source.h"
#include "network/log/own_log.h"
#include "network/register/register_store.h"

namespace {

using namespace verbund;
using SteadyClock = std::chrono::steady_clock;

double seconds_since(SteadyClock::time_point start) {
  return std::chrono::duration<double>(SteadyClock::now() - start).count();
}

double processor_seconds() {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

[[noreturn]] void stop(const std::string& why) {
  std::fprintf(stderr, "%s\n", why.c_str());
  std::exit(1);
}

template <typename T>
T must(Result<T> result) {
  if (!result) stop(result.error().text());
  return std::move(*result);
}

void must(const Result<void>& result) {
  if (!result) stop(result.error().text());
}

std::unique_ptr<app::RunningNode> run_node(const std::string& folder, const std::string& name, const Clock& clock) {
  const std::map<std::string, std::string> flags = {{"http.port", "0"}, {"network.name", name}, {"log.level", "error"},
                                                    {"http.threads", "1"}};
  auto settings = must(settings::Settings::load(app::setting_definitions(), "", {}, flags));
  const log::Log log = app::make_log(settings, clock);
  return must(app::RunningNode::start({folder, std::move(settings), false, {}}, clock, log));
}

void wait_for_log(const std::string& address, std::uint64_t entries) {
  auto source = must(network::HttpLogSource::at(address));
  while (true) {
    const auto note = source.checkpoint();
    const auto parsed = note ? tlog::parse_note(*note) : std::unexpected(note.error());
    const auto checkpoint = parsed ? tlog::Checkpoint::parse(parsed->text) : std::unexpected(parsed.error());
    if (checkpoint && checkpoint->size >= entries) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
}

struct Served {
  pid_t process;
  std::string address;
  double bytes;      // of all bodies
};

// A publisher in a process of its own, whose log is complete.
Served serve(const std::string& publisher) {
  int ends[2];
  if (::pipe(ends) != 0) stop("no pipe");
  const pid_t child = ::fork();
  if (child < 0) stop("no process");
  if (child > 0) {
    std::array<char, 256> line{};
    if (::read(ends[0], line.data(), line.size() - 1) <= 0) stop("the publisher has not started");
    Served out{child, {}, 0};
    std::istringstream(line.data()) >> out.address >> out.bytes;
    return out;
  }
  const SystemClock clock;
  auto node = run_node(publisher, "bench.example/network/log", clock);
  std::int64_t objects = 0;
  std::uint64_t bytes = 0;
  node->database().read([&](store::Connection& connection) {
    const directory::ObjectStore store(connection);
    objects = store.last_own_sequence();
    store.each_stored([&](const directory::ObjectStore::Stored& stored) { bytes += stored.body().size(); });
  });
  wait_for_log(node->address(), static_cast<std::uint64_t>(objects));
  const std::string line = node->address() + " " + std::to_string(bytes) + "\n";
  if (::write(ends[1], line.data(), line.size()) < 0) stop("no pipe");
  while (true) ::pause();
}

void sync(const std::string& publisher, const std::string& work) {
  const Served served = serve(publisher);
  const SystemClock clock;
  auto database = must(app::open_store(work, clock));
  app::DirectorySink sink(*database);
  auto source = must(network::HttpLogSource::at(served.address));
  const auto key = must(tlog::VerifierKey::parse(must(network::load_key(publisher)).verifier().to_text()));
  network::Rules rules{true, "bench", [](const network::Entry&, const std::vector<network::Claim>&) {
                         return std::optional<std::string>();
                       }};
  network::Follower::Options options;
  options.ahead = true;   // as a running node does
  auto opened = network::Follower::open(work + "/heard", *database, sink, {key, {}, 0}, rules, options);
  if (!opened) stop(opened.error().message);
  const std::string note = must(source.checkpoint());
  const auto start = SteadyClock::now();
  const double processor = processor_seconds();
  while (true) {
    const auto more = (*opened)->step(source, note, clock.now());
    if (!more) stop(more.error().message);
    if (!*more) break;
  }
  const double took = seconds_since(start);
  const double used = processor_seconds() - processor;
  const auto size = static_cast<double>((*opened)->state().position);
  rusage all{};
  ::getrusage(RUSAGE_SELF, &all);
  ::kill(served.process, SIGKILL);
  ::waitpid(served.process, nullptr, 0);
  std::printf("%.0f entries (bodies of %.0f bytes on average) copied, verified and applied in %.1f s: %.0f/s; "
              "the follower used %.1f s of processor time: %.0f/s and core; resident at most %ld MiB\n",
              size, served.bytes / size, took, size / took, used, size / used, all.ru_maxrss / 1024);
}

directory::Service service(int edition) {
  directory::Service out;
  out.id = {"bench", "1"};
  out.modules.texts.resize(1);
  out.modules.texts[0].code = directory::text_code::citizen_title;
  out.modules.texts[0].content = {{"de", "Messung"}};
  out.modules.texts.push_back(out.modules.texts[0]);
  out.modules.texts[1].code = directory::text_code::full_text;
  out.modules.texts[1].content = {{"de", "<p>Fassung " + std::to_string(edition) + ".</p>"}};
  return out;
}

void change(const std::string& work, int followers, int changes) {
  const SystemClock clock;
  const auto say = [&](app::RunningNode& node, int edition) {
    must(node.database().write([&](store::Connection& connection) -> Result<void> {
      directory::ObjectStore(connection).put(service(edition), "bench", clock.now());
      return {};
    }));
  };
  const std::string folder = work + "/publisher";
  auto publisher = run_node(folder, "publisher.example/network/log", clock);
  say(*publisher, 0);
  wait_for_log(publisher->address(), 1);
  const auto members = must(network::load_or_create_key(network::members_place(folder), "bench.example/network/members"));
  network::Member member;
  member.name = "publisher.example/network/log";
  member.title = "Publisher";
  member.addresses = {publisher->address()};
  member.key = must(network::load_key(folder)).verifier().to_text();
  member.mandate = {{"bench"}, {}, {""}, {"federation"}};
  must(publisher->database().write([&](store::Connection& connection) -> Result<void> {
    network::RegisterStore store(connection);
    store.say(network::Policy{"Messung", 0}, clock.now());
    store.say(member, clock.now());
    return {};
  }));
  std::vector<std::unique_ptr<app::RunningNode>> nodes;
  for (int i = 0; i < followers; ++i) {
    const std::string name = "follower" + std::to_string(i);
    nodes.push_back(run_node(work + "/" + name, name + ".example/network/log", clock));
    must(nodes.back()->database().write([&](store::Connection& connection) -> Result<void> {
      network::RegisterStore(connection).set_home({publisher->address(), members.verifier().to_text()});
      return {};
    }));
  }
  std::vector<http::Client> clients(nodes.size());
  const auto shows = [&](std::size_t i, int edition) {
    const auto page = clients[i].get(nodes[i]->address() + "/dienst/messung", 1u << 20);
    return page && page->body->find("Fassung " + std::to_string(edition) + ".") != std::string::npos;
  };
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    while (!shows(i, 0)) std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  std::vector<double> times;
  for (int edition = 1; edition <= changes; ++edition) {
    const auto start = SteadyClock::now();
    say(*publisher, edition);
    std::vector<bool> seen(nodes.size());
    for (std::size_t left = nodes.size(); left > 0;) {
      for (std::size_t i = 0; i < nodes.size(); ++i) {
        if (seen[i] || !shows(i, edition)) continue;
        seen[i] = true;
        --left;
        times.push_back(1000 * seconds_since(start));
      }
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  std::ranges::sort(times);
  const auto at = [&](double part) { return times[static_cast<std::size_t>(part * static_cast<double>(times.size() - 1))]; };
  std::printf("commit at the publisher to the page of a follower, %d followers, %d changes, ms: p50 %.0f p95 %.0f max %.0f\n",
              followers, changes, at(0.5), at(0.95), times.back());
}

}  // namespace

int main(int count, char** words) {
  const std::string mode = count > 1 ? words[1] : "";
  if (mode == "sync" && count == 4) {
    sync(words[2], words[3]);
  } else if (mode == "change" && count >= 3) {
    change(words[2], count > 3 ? std::atoi(words[3]) : 50, count > 4 ? std::atoi(words[4]) : 20);
  } else {
    std::fprintf(stderr, "follow_bench sync NODE_FOLDER WORK_FOLDER | change WORK_FOLDER [FOLLOWERS CHANGES]\n");
    return 2;
  }
  return 0;
}
