// SPDX-License-Identifier: EUPL-1.2
#include "directory/finder/saying_index.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <random>
#include <thread>

#include "directory/finder/finder_test_support.h"
#include "kits/file/file.h"
#include "kits/store/testing/folder.h"

namespace verbund::directory {
namespace {

using namespace testing;

constexpr const char* areas[] = {"", "01", "01060", "010600063", "010600063063", "09", "09162", "091620000001"};

ObjectId numbered(const char* letter, std::size_t number) { return oid("A", letter + std::to_string(number)); }

// Anything may say anything: few services and holders, so that many share one.
Responsibility random_one(std::mt19937& chance, std::size_t id) {
  const auto below = [&](std::size_t most) { return std::size_t{chance() % most}; };
  Responsibility out;
  out.id = numbered("r", id);
  out.service = numbered("s", below(8));
  out.holder = numbered("h", below(6));
  out.holder_kind = below(4) == 0 ? ObjectKind::online_service : ObjectKind::unit;
  for (std::size_t i = below(3); i > 0; --i) out.areas.push_back(key(areas[below(std::size(areas))]));
  std::ranges::sort(out.areas);
  const auto again = std::ranges::unique(out.areas);
  out.areas.erase(again.begin(), again.end());
  if (below(5) == 0) out.note = {{"de", "mit \"Anführung\""}};   // not plain: read the general way
  return out;
}

// Looking at each of them.
std::vector<ObjectId> obvious(const ObjectStore& objects, const ObjectId& service, const std::vector<ObjectName>& holders,
                              const AreaKey& area) {
  std::vector<ObjectId> out;
  objects.each<Responsibility>([&](const Responsibility& one) {
    const bool here = one.areas.empty() ||
                      std::ranges::any_of(one.areas, [&](const AreaKey& each) { return each.contains(area); });
    const bool held = std::ranges::find(holders, ObjectName{one.holder_kind, one.holder}) != holders.end();
    if (one.service == service && held && here) out.push_back(one.id);
  });
  return out;
}

void expect_agreement(FinderStore& store, SayingIndex& index, std::mt19937& chance, std::size_t questions) {
  store.database().read([&](store::Connection& connection) {
    const ObjectStore objects(connection);
    for (std::size_t i = 0; i < questions; ++i) {
      const ObjectId service = numbered("s", chance() % 9);
      std::vector<ObjectName> holders;
      for (std::size_t n = chance() % 4; n > 0; --n) {
        holders.emplace_back(chance() % 4 == 0 ? ObjectKind::online_service : ObjectKind::unit, numbered("h", chance() % 7));
      }
      const AreaKey area = key(areas[chance() % std::size(areas)]);
      const auto found = index.find(connection, service, holders, area);
      ASSERT_TRUE(found.has_value()) << found.error().text();
      EXPECT_EQ(*found, obvious(objects, service, holders, area)) << service.local << " in " << area.digits();
    }
  });
}

TEST(SayingIndex, FindsTheSameAsLookingAtEachWhateverChangesMeanwhile) {
  FinderStore store;
  const store::testing::Folder folder;
  std::mt19937 chance(7);
  SayingIndex kept(folder.path()), in_memory;
  expect_agreement(store, in_memory, chance, 5);   // nothing is there
  for (int round = 0; round < 4; ++round) {
    store.write([&](ObjectStore& objects, AreaStore&) {
      for (int i = 0; i < 400; ++i) objects.put(random_one(chance, chance() % 900), "test", day());
      for (int i = 0; i < 60; ++i) objects.withdraw(ObjectKind::responsibility, numbered("r", chance() % 900), day());
    });
    expect_agreement(store, in_memory, chance, 60);
    expect_agreement(store, kept, chance, 60);
    SayingIndex again(folder.path());              // out of the file, with all that changed since
    expect_agreement(store, again, chance, 60);
  }
}

TEST(SayingIndex, TakesNoFileOfAnotherStoreNorADamagedOne) {
  const store::testing::Folder folder;
  std::mt19937 chance(8);
  for (int round = 0; round < 2; ++round) {
    FinderStore store;
    store.write([&](ObjectStore& objects, AreaStore&) {
      for (std::size_t i = 0; i < 300; ++i) objects.put(random_one(chance, i), "test", day());
    });
    SayingIndex index(folder.path());
    expect_agreement(store, index, chance, 40);
    const std::string path = folder.path() + "/sayings.index";
    auto bytes = file::read(path, 1u << 20).value();
    bytes[bytes.size() / 2] ^= 1;
    ASSERT_TRUE(file::write(path, bytes).has_value());
    SayingIndex after(folder.path());
    expect_agreement(store, after, chance, 40);
  }
}

TEST(SayingIndex, AnswersManyAtOnce) {
  FinderStore store;
  std::mt19937 chance(9);
  store.write([&](ObjectStore& objects, AreaStore&) {
    for (std::size_t i = 0; i < 2'000; ++i) objects.put(random_one(chance, i), "test", day());
  });
  SayingIndex index;
  store.database().read([&](store::Connection& connection) { index.prepare(connection); });
  std::atomic<int> wrong = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&] {
        for (int n = 0; n < 50; ++n) {
          store.database().read([&](store::Connection& connection) {
            const std::vector<ObjectName> holders = {{ObjectKind::unit, numbered("h", 1)}};
            const auto found = index.find(connection, numbered("s", 1), holders, key("01060"));
            if (!found || found->empty()) ++wrong;
          });
        }
      });
    }
  }
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace verbund::directory
