// SPDX-License-Identifier: EUPL-1.2
// For tests: a publisher with a log of its own, and a way to it on which anything can happen.
#pragma once

#include <functional>
#include <map>
#include <string>

#include <gtest/gtest.h>

#include "kits/store/testing/folder.h"
#include "network/log/own_log.h"
#include "network/log/sequencer.h"
#include "network/log/test_outbox.h"

namespace verbund::network {

inline constexpr const char* test_origin = "stadt.example/network/log";
inline constexpr Instant test_time{std::chrono::seconds(1'700'000'000)};   // of every entry of a TestOutbox

struct Publisher {
  store::testing::Folder folder;
  TestOutbox outbox;
  tlog::SignerKey key;
  OwnLog log{folder.path(), outbox};

  explicit Publisher(const std::string& name = test_origin) : key(load_or_create_key(folder.path(), name).value()) {}
  explicit Publisher(tlog::SignerKey other) : key(std::move(other)) {}   // a second history under the same key

  void publish() {
    auto sequencer = Sequencer::open(folder.path(), key, outbox);
    ASSERT_TRUE(sequencer) << sequencer.error().text();
    while (true) {
      const auto more = (*sequencer)->step();
      ASSERT_TRUE(more) << more.error().text();
      if (!*more) break;
    }
  }
  void say(int first, int count, const std::string& text = "text ") {
    for (int i = first; i < first + count; ++i) outbox.say("s" + std::to_string(i), text + std::to_string(i));
    publish();
  }
  std::string note() { return log.checkpoint().value(); }
};

// Gives what the publisher gives, unless a test wants it otherwise.
class Way : public FileLogSource {
 public:
  explicit Way(OwnLog& log) : log_(log) {}
  std::function<Result<std::string>(const std::string& path, Result<std::string> given)> change;
  std::map<std::string, int> asked;   // by path

 protected:
  Result<std::string> get(const std::string& path, std::size_t limit) override {
    ++asked[path];
    auto given = log_.by_path(path);
    if (change) given = change(path, std::move(given));
    if (given && given->size() > limit) return fail(ErrorCode::too_large, "too long", path);
    return given;
  }

 private:
  OwnLog& log_;
};

// For before_write: stops the program, as far as a test can, at the `at`th write.
struct Crash {};
inline std::function<void(std::string_view)> crash_at(int at) {
  return [left = at](std::string_view) mutable {
    if (left-- == 0) throw Crash();
  };
}

}  // namespace verbund::network
