// SPDX-License-Identifier: EUPL-1.2
// Queries with the services they mean, and questions who is responsible, both from the plan alone.
// A query counts only if it can be answered: it names all services whose one title or search term holds all of its
// words at that place, and is left out if there are many of them or if others hold its words scattered.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "directory/workload/plan.h"

namespace verbund::directory::workload {

using FileList = std::vector<std::pair<std::string, std::int64_t>>;

class Questions {
 public:
  Questions(const Words& words, const Country& country, const Plan& plan, const Coverage& coverage, std::uint64_t seed)
      : words_(words), country_(country), plan_(plan), coverage_(coverage), seed_(seed) {}
  // queries/*.tsv and points.tsv below `folder`; adds them with their lines to `files`.
  Result<void> write(const std::filesystem::path& folder, double scale, FileList& files) const;

 private:
  Result<void> write_points(const std::filesystem::path& folder, double scale, FileList& files) const;

  const Words& words_;
  const Country& country_;
  const Plan& plan_;
  const Coverage& coverage_;
  std::uint64_t seed_;
};

}  // namespace verbund::directory::workload
