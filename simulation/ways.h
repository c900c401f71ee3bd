// SPDX-License-Identifier: EUPL-1.2
// The ways on which a node gets at what others have.
#pragma once

#include "simulation/world.h"

namespace verbund::simulation {

// From one node to the log of another.
class World::Way : public network::FileLogSource {
 public:
  Way(World& world, const Node& from, Node& to) : world_(world), from_(from), to_(to) {}

 protected:
  Result<std::string> get(const std::string& path, std::size_t limit) override {
    return world_.carry(from_, to_, path, limit);
  }

 private:
  World& world_;
  const Node& from_;
  Node& to_;
};

// From one node to the copy that another keeps of the log of `publisher`.
class World::CopyWay : public network::FileLogSource {
 public:
  CopyWay(World& world, const Node& from, Node& to, int publisher)
      : world_(world), from_(from), to_(to), publisher_(publisher) {}

 protected:
  Result<std::string> get(const std::string& path, std::size_t limit) override {
    return world_.carry_copy(from_, to_, publisher_, path, limit);
  }

 private:
  World& world_;
  const Node& from_;
  Node& to_;
  const int publisher_;
};

}  // namespace verbund::simulation
