// SPDX-License-Identifier: EUPL-1.2
// Memory of a follower by the length of the log: follow_memory WORK_FOLDER [ENTRIES...]
// A thousand objects say something again and again. Each log is followed from its beginning by a process of its own, which
// then says what it has resident.
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include "app/directory_sink.h"
#include "app/node.h"
#include "directory/objects/object_store.h"
#include "network/following/follower.h"
#include "network/log/own_log.h"
#include "network/log/sequencer.h"

namespace {

using namespace verbund;

constexpr std::int64_t objects = 1'000;

[[noreturn]] void stop(const std::string& why) {
  std::fprintf(stderr, "%s\n", why.c_str());
  std::_Exit(1);
}

// Change n says of object n % 1000 that it has its edition n.
std::string body(std::int64_t change) {
  directory::Service out;
  out.id = {"bench", std::to_string(change % objects)};
  out.modules.texts.resize(1);
  out.modules.texts[0].code = directory::text_code::citizen_title;
  out.modules.texts[0].content = {{"de", "Fassung " + std::to_string(change)}};
  return directory::to_body(out);
}

class Editions : public network::Outbox {
 public:
  explicit Editions(std::int64_t count) : count_(count) {}
  std::int64_t last() override { return count_; }
  std::int64_t read(std::int64_t after, std::size_t most, const std::function<void(network::Entry)>& each) override {
    for (; most > 0 && after < count_; --most) {
      ++after;
      each({"service", "bench", std::to_string(after % objects), after, Instant(std::chrono::seconds(1'700'000'000)),
            crypto::sha256({body(after)})});
    }
    return after;
  }
  void bodies(std::span<const network::Entry> entries,
              const std::function<bool(std::optional<std::string>)>& each) override {
    for (const network::Entry& entry : entries) {
      const bool newest = entry.revision > count_ - objects;
      if (!each(newest ? std::optional(body(entry.revision)) : std::nullopt)) return;
    }
  }

 private:
  const std::int64_t count_;
};

double mib(const char* field) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(field)) return std::strtod(line.c_str() + std::string(field).size() + 1, nullptr) / 1024;
  }
  return 0;
}

void publish(const std::string& folder, std::int64_t count) {
  Editions outbox(count);
  const auto key = network::load_or_create_key(folder, "bench.example/network/log");
  if (!key) stop(key.error().text());
  auto log = network::Sequencer::open(folder, *key, outbox);
  if (!log) stop(log.error().text());
  while (true) {
    const auto more = (*log)->step();
    if (!more) stop(more.error().text());
    if (!*more) return;
  }
}

void follow(const std::string& folder, const std::string& work, std::int64_t count) {
  const SystemClock clock;
  auto database = app::open_store(work, clock);
  if (!database) stop(database.error().text());
  app::DirectorySink sink(**database);
  Editions outbox(count);
  network::OwnLog log(folder, outbox);
  network::Rules rules{true, "bench", [](const network::Entry&, const std::vector<network::Claim>&) {
                         return std::optional<std::string>();
                       }};
  network::Follower::Options options;
  options.ahead = true;   // as a running node does
  auto follower = network::Follower::open(work + "/heard", **database, sink,
                                          {network::load_key(folder).value().verifier(), {}, 0}, rules, options);
  if (!follower) stop(follower.error().message);
  const std::string note = log.checkpoint().value();
  while (true) {
    const auto more = (*follower)->step(log, note, clock.now());
    if (!more) stop(more.error().message);
    if (!*more) break;
  }
  std::printf("%9lld entries: resident %.1f MiB, at most %.1f MiB\n",
              static_cast<long long>((*follower)->state().position), mib("VmRSS:"), mib("VmHWM:"));
  std::fflush(stdout);
}

template <typename Work>
void alone(const Work& work) {
  const pid_t child = ::fork();
  if (child == 0) {
    work();
    std::_Exit(0);
  }
  int status = 0;
  if (child < 0 || ::waitpid(child, &status, 0) != child || status != 0) stop("a process ended badly");
}

}  // namespace

int main(int count, char** words) {
  if (count < 2) {
    std::fprintf(stderr, "follow_memory WORK_FOLDER [ENTRIES...]   (ascending; default 10000 100000 1000000)\n");
    return 2;
  }
  std::vector<std::int64_t> lengths;
  for (int i = 2; i < count; ++i) lengths.push_back(std::atoll(words[i]));
  if (lengths.empty()) lengths = {10'000, 100'000, 1'000'000};
  const std::string work = words[1];
  for (const std::int64_t length : lengths) {
    alone([&] { publish(work + "/publisher", length); });
    alone([&] { follow(work + "/publisher", work + "/follower" + std::to_string(length), length); });
  }
  return 0;
}
