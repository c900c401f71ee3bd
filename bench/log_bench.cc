// SPDX-License-Identifier: EUPL-1.2
// The node's log: appending with full durability, verifying, one change at a time. log_bench FOLDER [ENTRIES]
#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "network/log/own_log.h"
#include "network/log/sequencer.h"
#include "network/log/verify.h"
#include "network/proof/prover.h"
#include "network/proof/verify_bundle.h"

namespace {

using namespace verbund;
using SteadyClock = std::chrono::steady_clock;

double seconds_since(SteadyClock::time_point start) { return std::chrono::duration<double>(SteadyClock::now() - start).count(); }

// `count` states of as many objects, made when they are asked for.
class GeneratedOutbox : public network::Outbox {
 public:
  std::int64_t count = 0;
  std::int64_t last() override { return count; }
  std::int64_t read(std::int64_t after, std::size_t most, const std::function<void(network::Entry)>& each) override {
    for (; most > 0 && after < count; --most) {
      ++after;
      const std::string local = std::to_string(100'000'000 + after);
      each({"service", "L100002", local, after, Instant(std::chrono::seconds(1'700'000'000)), crypto::sha256({local})});
    }
    return after;
  }
  void bodies(std::span<const network::Entry> entries,
              const std::function<bool(std::optional<std::string>)>& each) override {
    for (const network::Entry& entry : entries) {
      if (!each(entry.local)) return;
    }
  }
};

[[noreturn]] void stop(const Error& error) {
  std::fprintf(stderr, "%s\n", error.text().c_str());
  std::exit(1);
}

}  // namespace

int main(int arguments, char** words) {
  if (arguments < 2) {
    std::fprintf(stderr, "log_bench FOLDER [ENTRIES]\n");
    return 2;
  }
  const std::string folder = words[1];
  GeneratedOutbox outbox;
  auto key = network::load_or_create_key(folder, "bench.example/network/log");
  if (!key) stop(key.error());
  auto opened = network::Sequencer::open(folder, *key, outbox);
  if (!opened) stop(opened.error());
  network::Sequencer& sequencer = **opened;
  outbox.count = arguments > 2 ? std::atoll(words[2]) : 200'000;
  auto start = SteadyClock::now();
  while (true) {
    const auto more = sequencer.step();
    if (!more) stop(more.error());
    if (!*more) break;
  }
  std::printf("append, batches of 16,384, durable: %.0f entries/s (%lld entries)\n",
              static_cast<double>(outbox.count) / seconds_since(start), static_cast<long long>(outbox.count));

  constexpr int single = 100;
  start = SteadyClock::now();
  for (int i = 0; i < single; ++i) {
    ++outbox.count;
    if (const auto more = sequencer.step(); !more) stop(more.error());
  }
  std::printf("one change to a published checkpoint: %.1f ms\n", 1000 * seconds_since(start) / single);

  network::OwnLog log(folder, outbox);
  start = SteadyClock::now();
  const auto report = network::verify_log(log, key->verifier(), true);
  if (!report) stop(report.error());
  std::printf("verify with bodies: %.0f entries/s\n",
              static_cast<double>(report->checkpoint.size) / seconds_since(start));
  // A proof of six objects, as a service at a place has: made with the derived files there, read and verified.
  std::vector<network::Wanted> objects;
  for (std::int64_t i = 1; i <= 6; ++i) {
    const std::string local = std::to_string(100'000'000 + i * (outbox.count / 6));
    objects.push_back({"", "service", "L100002", local, local});
  }
  const network::Prover prover(folder, folder + "/index");
  if (const auto first = prover.prove(objects); !first) stop(first.error());
  constexpr int proofs = 50;
  std::string text;
  start = SteadyClock::now();
  for (int i = 0; i < proofs; ++i) text = prover.prove(objects).value().to_text();
  std::printf("make a proof of 6 objects: %.2f ms\n", 1000 * seconds_since(start) / proofs);
  start = SteadyClock::now();
  for (int i = 0; i < proofs; ++i) {
    const auto bundle = network::Bundle::parse(text);
    if (!bundle) stop(bundle.error());
    if (const auto verified = network::verify_bundle(*bundle, key->verifier()); !verified) stop(verified.error());
  }
  std::printf("verify it: %.3f ms (%zu bytes)\n", 1000 * seconds_since(start) / proofs, text.size());
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  std::printf("resident at most: %ld MiB\n", used.ru_maxrss / 1024);
  return 0;
}
