// SPDX-License-Identifier: EUPL-1.2
#include "kits/metrics/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

namespace verbund::metrics {
namespace {

using ::testing::HasSubstr;

TEST(Metrics, ExposesCountersByLabel) {
  Registry registry;
  registry.counter("verbund_answers_total", "Answers\nby status", "code=\"404\"").add();
  registry.counter("verbund_answers_total", "Answers\nby status", "code=\"200\"").add(3);
  EXPECT_EQ(registry.expose(),
            "# HELP verbund_answers_total Answers\\nby status\n# TYPE verbund_answers_total counter\n"
            "verbund_answers_total{code=\"200\"} 3\nverbund_answers_total{code=\"404\"} 1\n");
}

TEST(Metrics, GivesTheSameObjectAgain) {
  Registry registry;
  Counter& first = registry.counter("a_total", "A");
  for (int i = 0; i < 100; ++i) registry.counter("b" + std::to_string(i) + "_total", "B");
  EXPECT_EQ(&first, &registry.counter("a_total", "A"));
  EXPECT_NE(&first, &registry.counter("a_total", "A", "x=\"1\""));
}

TEST(Metrics, CountsInCumulativeBuckets) {
  Registry registry;
  Histogram& histogram = registry.histogram("verbund_answer_seconds", "Time", "face=\"api\"");
  for (const double seconds : {0.0005, 0.001, 0.3, 100.0}) histogram.observe(seconds);
  const std::string text = registry.expose();
  EXPECT_THAT(text, HasSubstr("# TYPE verbund_answer_seconds histogram\n"));
  EXPECT_THAT(text, HasSubstr("verbund_answer_seconds_bucket{face=\"api\",le=\"0.001\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("verbund_answer_seconds_bucket{face=\"api\",le=\"0.25\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("verbund_answer_seconds_bucket{face=\"api\",le=\"0.5\"} 3\n"));
  EXPECT_THAT(text, HasSubstr("verbund_answer_seconds_bucket{face=\"api\",le=\"+Inf\"} 4\n"));
  EXPECT_THAT(text, HasSubstr("verbund_answer_seconds_sum{face=\"api\"} 100.3015\n"));
  EXPECT_THAT(text, HasSubstr("verbund_answer_seconds_count{face=\"api\"} 4\n"));
}

TEST(Metrics, ReadsGaugesWhenAsked) {
  Registry registry;
  double value = 1;
  registry.gauge("verbund_areas", "Areas", [&] { return value; });
  value = 11.5;
  EXPECT_THAT(registry.expose(), HasSubstr("# TYPE verbund_areas gauge\nverbund_areas 11.5\n"));
}

TEST(Metrics, LosesNothingAmongThreads) {
  Registry registry;
  Counter& counter = registry.counter("a_total", "A");
  Histogram& histogram = registry.histogram("b_seconds", "B");
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < 10000; ++i) {
          counter.add();
          histogram.observe(0.5);
        }
      });
    }
  }
  EXPECT_EQ(counter.value(), 40000u);
  EXPECT_THAT(registry.expose(), HasSubstr("b_seconds_sum 20000\nb_seconds_count 40000\n"));
}

TEST(Metrics, OfSeveralRegistriesEachSeriesSaysWhoseItIsAndAFamilyStandsTogether) {
  Registry one, two;
  one.counter("verbund_x_total", "X", "class=\"2xx\"").add(3);
  two.counter("verbund_x_total", "X", "class=\"2xx\"").add(4);
  one.gauge("verbund_y", "Y", [] { return 1.0; });
  two.gauge("verbund_y", "Y", [] { return 2.0; });
  EXPECT_EQ(Registry::expose_all({{"tenant=\"a\"", &one}, {"tenant=\"b\"", &two}}),
            "# HELP verbund_x_total X\n# TYPE verbund_x_total counter\n"
            "verbund_x_total{tenant=\"a\",class=\"2xx\"} 3\nverbund_x_total{tenant=\"b\",class=\"2xx\"} 4\n"
            "# HELP verbund_y Y\n# TYPE verbund_y gauge\nverbund_y{tenant=\"a\"} 1\nverbund_y{tenant=\"b\"} 2\n");
}

}  // namespace
}  // namespace verbund::metrics
