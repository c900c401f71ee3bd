// SPDX-License-Identifier: EUPL-1.2
#include "kits/http/host.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "kits/http/head_rules.h"

namespace verbund::http {
namespace {

TEST(Host, IsComparedWithoutCasePortAndDotAtTheEnd) {
  for (const auto& [host, name] : {std::pair{"stadt.example", "stadt.example"},
                                   {"STADT.Example", "stadt.example"},
                                   {"stadt.example:8080", "stadt.example"},
                                   {"stadt.example.", "stadt.example"},
                                   {"Stadt.example.:443", "stadt.example"},
                                   {"stadt.example:", "stadt.example"},
                                   {"localhost", "localhost"},
                                   {"127.0.0.1:80", "127.0.0.1"},
                                   {"[2001:DB8::1]:80", "[2001:db8::1]"},
                                   {"xn--mnchen-3ya.example", "xn--mnchen-3ya.example"}}) {
    EXPECT_EQ(host_name(host), name) << host;
  }
}

TEST(Host, WhatIsNoneNamesNobody) {
  for (const std::string& host : std::vector<std::string>
       {std::string(), std::string("."), std::string(":80"), std::string("a..example"), std::string(".example"),
        std::string("stadt.example.."), std::string("a@stadt.example"), std::string("a:b@stadt.example"),
        std::string("stadt.example:80:80"), std::string("stadt.example:eighty"), std::string("stadt.example:123456"),
        std::string("stadt.example, b.example"), std::string("stadt.example b.example"), std::string("stadt.example/"),
        std::string("stadt.example#"), std::string("stadt%2eexample"), std::string("m\xc3\xbcnchen.example"),
        std::string("stadt.example\0.b", 16), std::string("-a.example"), std::string("[::1"), std::string("[::1]x"),
        std::string("[]"), std::string("[stadt]"), std::string(10'000, 'a'), std::string(64, 'a') + ".example"}) {
    EXPECT_EQ(host_name(host), "") << host.substr(0, 80);
  }
}

TEST(Host, OfATargetInAbsoluteFormIsTheHost) {
  EXPECT_EQ(authority_of_target("http://b.example/x"), "b.example");
  EXPECT_EQ(authority_of_target("HTTPS://b.example:1?q"), "b.example:1");
  EXPECT_EQ(authority_of_target("http://u@b.example"), "u@b.example");
  EXPECT_EQ(authority_of_target("/http://b.example/"), "");
  EXPECT_EQ(authority_of_target("*"), "");
  RequestHead head;
  head.method = "GET";
  head.target = "http://b.example/x";
  head.fields = {{"Host", "a.example"}};
  ASSERT_FALSE(read_fields(head));
  EXPECT_EQ(head.host, "b.example");
  auto target = read_target(head.target);
  ASSERT_TRUE(target);
  EXPECT_EQ(request_of(head, std::move(*target)).header("host"), "b.example");
}

}  // namespace
}  // namespace verbund::http
