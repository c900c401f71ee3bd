// SPDX-License-Identifier: EUPL-1.2
// The ways on which a node gets at what others have.
#pragma once

#include "simulation/world.h"

namespace verbund::simulation {

// From one node to a log, at who publishes it.
class World::Way : public network::FileLogSource {
 public:
  Way(World& world, const Node& from, int log) : world_(world), from_(from), log_(log) {}

 protected:
  Result<std::string> get(const std::string& path, std::size_t limit) override {
    return world_.carry(from_, log_, path, limit);
  }

 private:
  World& world_;
  const Node& from_;
  const int log_;
};

// From one node to the copy that another keeps of a log.
class World::CopyWay : public network::FileLogSource {
 public:
  CopyWay(World& world, const Node& from, Node& to, int log) : world_(world), from_(from), to_(to), log_(log) {}

 protected:
  Result<std::string> get(const std::string& path, std::size_t limit) override {
    return world_.carry_copy(from_, to_, log_, path, limit);
  }

 private:
  World& world_;
  const Node& from_;
  Node& to_;
  const int log_;
};

}  // namespace verbund::simulation
