// SPDX-License-Identifier: EUPL-1.2
// How well a snapshot answers judged queries.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "directory/evaluation/judged_queries.h"
#include "directory/evaluation/metrics.h"
#include "directory/finder/finder.h"
#include "directory/identity/object.h"
#include "kits/store/store.h"

namespace verbund::directory {

// All names that files use for the services of a node: external id ("L100002.LB.121345242"), local id ("121345242", of
// every agency that has it), each LeiKa key of 14 digits.
class ServiceNames {
 public:
  explicit ServiceNames(store::Connection& connection);
  // Ascending; empty: unknown here.
  const std::vector<ObjectId>& find(const std::string& name) const;

 private:
  std::map<std::string, std::vector<ObjectId>, std::less<>> ids_;
};

struct QueryOutcome {
  JudgedQuery query;
  Ranking ranking;
  std::vector<ServiceBrief> answer;   // the first evaluated_depth hits
  std::string corrected;              // what the query was taken for where letters were changed
};

struct Evaluation {
  Measures all;
  std::map<std::string, Measures> kinds;     // of the queries that have a kind
  std::vector<QueryOutcome> outcomes;        // measured ones, in the order of the file
  std::vector<JudgedQuery> not_in_node;      // no service named is in this node: nothing could be found
  std::vector<JudgedQuery> without_service;  // the file names none
  std::size_t partly_in_node = 0;            // measured with the services that are here, others named are not
};

// Services named that the snapshot does not hold (another catalogue, not valid today) are not counted as relevant.
// `area`: of the queries that name none. Errors: invalid with the line (an area nobody knows, or several).
Result<Evaluation> evaluate(const Snapshot& snapshot, const ServiceNames& names,
                            const std::vector<JudgedQuery>& queries, const AreaKey& area);

}  // namespace verbund::directory
