// SPDX-License-Identifier: Apache-2.0
#include "pickle_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "ferv/base/random.h"
#include "pickle_writer.h"
#include "zip_builder.h"

namespace ferv::weights {
namespace {

using namespace std::string_literals;
using Kind = PickleValue::Kind;
using testing::HasSubstr;

constexpr AllowedName kAllowed[] = {{"collections.OrderedDict", NameUse::kMapping},
                                    {"torch.Size", NameUse::kCall},
                                    {"torch.FloatStorage", NameUse::kMention}};

Pickle read(const std::string& bytes) {
  return read_pickle(test::bytes_of(bytes), kAllowed);
}

std::string problem_of(const std::string& bytes) {
  return test::message_of([&] { (void)read(bytes); });
}

TEST(PickleReader, ReadsIntegersOfEveryWidth) {
  const auto integer = [](const std::string& bytes) { return read("\x80\x02"s + bytes + ".").root->integer; };
  EXPECT_EQ(integer("K\xff"), 255);
  EXPECT_EQ(integer("M\xff\xff"), 65535);
  EXPECT_EQ(integer("J\xfe\xff\xff\xff"), -2);
  EXPECT_EQ(integer("\x8a\x00"s), 0);
  EXPECT_EQ(integer("\x8a\x01\x80"), -128);
  EXPECT_EQ(integer("\x8a\x02\x80\x00"s), 128);
  EXPECT_EQ(integer("\x8a\x08\xff\xff\xff\xff\xff\xff\xff\x7f"), INT64_MAX);
  EXPECT_EQ(integer("\x8b\x01\x00\x00\x00\x05"s), 5);
  const Pickle big = read("\x8a\x09\x00\x00\x00\x00\x00\x00\x00\x00\x01."s);
  EXPECT_TRUE(big.root->is(Kind::kLongInteger));
  EXPECT_EQ(big.root->text.size(), 9U);
}

TEST(PickleReader, ReadsPlainValues) {
  EXPECT_TRUE(read("N.").root->is(Kind::kNone));
  EXPECT_EQ(read("\x88.").root->integer, 1);
  EXPECT_DOUBLE_EQ(read("G\x3f\xf8\0\0\0\0\0\0."s).root->real, 1.5);
  EXPECT_EQ(read("X\x02\0\0\0hi."s).root->text, "hi");
  EXPECT_EQ(read("\x8c\x02hi.").root->text, "hi");
  EXPECT_EQ(read("\x8d\x02\0\0\0\0\0\0\0hi."s).root->text, "hi");
  EXPECT_TRUE(read("C\x01\xff.").root->is(Kind::kBytes));
}

TEST(PickleReader, BuildsContainersAndSharesThroughTheMemo) {
  const Pickle list = read("]q\x01(K\x01K\x02\x65."s);
  EXPECT_EQ(list.root->items.size(), 2U);
  const Pickle dict = read("}(\x8c\x01\x61K\x01\x8c\x01\x62K\x02\x8c\x01\x61K\x03u."s);
  EXPECT_EQ(dict.root->find("a")->integer, 3) << "the last counts";
  EXPECT_EQ(dict.root->find("b")->integer, 2);
  EXPECT_EQ(dict.root->find("c"), nullptr);
  const Pickle shared = read("]\x94h\x00\x86."s);
  EXPECT_EQ(shared.root->items[0], shared.root->items[1]);
  const Pickle cycle = read("]q\x00h\x00\x61."s);
  EXPECT_EQ(cycle.root->items[0], cycle.root) << "a list in itself";
}

TEST(PickleReader, TurnsAllowedCallsIntoValues) {
  const Pickle mapping = read("ccollections\nOrderedDict\n)R(\x8c\x01\x61K\x01u}b."s);
  EXPECT_EQ(mapping.root->text, "collections.OrderedDict");
  EXPECT_EQ(mapping.root->find("a")->integer, 1);
  const Pickle python2 = read("ccollections\nOrderedDict\n](](\x8c\x01\x61K\x01\x65\x65\x85R."s);
  EXPECT_EQ(python2.root->find("a")->integer, 1);
  const Pickle call = read("\x8c\x05torch\x8c\x04Size\x93K\x01K\x02\x86\x85R."s);
  EXPECT_EQ(call.root->text, "torch.Size");
  EXPECT_EQ(call.root->items[0]->items.size(), 2U);
  const Pickle persistent = read("K\x07Q."s);
  ASSERT_EQ(persistent.persistent.size(), 1U);
  EXPECT_EQ(persistent.persistent[0]->items[0]->integer, 7);
}

TEST(PickleReader, RefusesByNameWhateverWouldRunCode) {
  EXPECT_THAT(problem_of("cos\nsystem\n\x8c\x04true\x85R."s), HasSubstr("would call 'os.system'"));
  EXPECT_THAT(problem_of("\x80\x04\x8c\x05posix\x8c\x06system\x93\x8c\x04true\x85R."s),
              HasSubstr("would call 'posix.system'"));
  EXPECT_THAT(problem_of("cbuiltins\neval\n."), HasSubstr("'builtins.eval'")) << "not even named";
  EXPECT_THAT(problem_of("(S'true'\nios\nsystem\n."), HasSubstr("opcode 0x53")) << "protocol 0";
  EXPECT_THAT(problem_of("(\x8c\x04trueios\nsystem\n."), HasSubstr("would call 'os.system'"));
  EXPECT_THAT(problem_of("(cos\nsystem\n\x8c\x04trueo."), HasSubstr("would call 'os.system'"));
  EXPECT_THAT(problem_of("(ctorch\nSize\no."), HasSubstr("would call 'torch.Size'"));
  EXPECT_THAT(problem_of("ctorch\nSize\n)\x81."), HasSubstr("would call 'torch.Size.__new__'"));
  EXPECT_THAT(problem_of("ctorch\nSize\n)}\x92."), HasSubstr("would call 'torch.Size.__new__'"));
  EXPECT_THAT(problem_of("ctorch\nFloatStorage\nK\x01\x85R."), HasSubstr("would call 'torch.FloatStorage'"));
  EXPECT_THAT(problem_of("\x82\x07."), HasSubstr("copyreg extension 7"));
  EXPECT_THAT(problem_of("\x83\x07\x01."), HasSubstr("copyreg extension 263"));
  EXPECT_THAT(problem_of("\x84\x07\0\0\0."s), HasSubstr("copyreg extension 7"));
  EXPECT_THAT(problem_of("]}b."), HasSubstr("a list.__setstate__"));
  EXPECT_THAT(problem_of("}}b."), HasSubstr("a dict.__setstate__"));
  EXPECT_THAT(problem_of("ctorch\nSize\n}b."), HasSubstr("torch.Size.__setstate__"));
  EXPECT_THAT(problem_of("K\x01)R."), HasSubstr("calls an integer"));
}

TEST(PickleReader, RefusesNamesThatOnlyLookAllowed) {
  // A dotted name reaches an attribute of what is allowed.
  EXPECT_THAT(problem_of("\x8c\x05torch\x8c\x0aSize.mro.x\x93."), HasSubstr("'torch.Size.mro.x'"));
  EXPECT_THAT(problem_of("\x8c\x05torch\x8c\x05Size\n\x93."), HasSubstr("'torch.Size?'"))
      << "the message stays on one line";
  EXPECT_THAT(problem_of("\x8c\x00\x8c\x00\x93."s), HasSubstr("'.'"));
  EXPECT_THAT(problem_of("c" + std::string(5000, 'x') + "\ny\n."), HasSubstr("has no end within 1000"));
}

TEST(PickleReader, RefusesDamage) {
  EXPECT_THAT(problem_of(""), HasSubstr("wants 1 bytes more, 0 are left"));
  EXPECT_THAT(problem_of("\x80\x06."), HasSubstr("protocol 6, wanted 2 to 5"));
  EXPECT_THAT(problem_of("X\xff\xff\xff\xff."), HasSubstr("wants 4294967295 bytes more"));
  EXPECT_THAT(problem_of("\x8e\xff\xff\xff\xff\xff\xff\xff\xff."), HasSubstr("18446744073709551615 bytes"));
  EXPECT_THAT(problem_of("\x95\xff\0\0\0\0\0\0\0."s), HasSubstr("a frame of 255 bytes"));
  EXPECT_THAT(problem_of("."), HasSubstr("stack is empty"));
  EXPECT_THAT(problem_of("NN."), HasSubstr("more than one value"));
  EXPECT_THAT(problem_of("(N."), HasSubstr("more than one value"));
  EXPECT_THAT(problem_of("N(0."), HasSubstr("stack is empty")) << "what is below a mark is out of reach";
  EXPECT_THAT(problem_of("t."), HasSubstr("no mark"));
  EXPECT_THAT(problem_of("h\x05."), HasSubstr("memo has nothing at index 5"));
  EXPECT_THAT(problem_of("}(K\x01u."), HasSubstr("a key has no value"));
  EXPECT_THAT(problem_of("](K\x01K\x02u."), HasSubstr("adds to a list, wanted a dict"));
  EXPECT_THAT(problem_of("}K\x01\x61."), HasSubstr("adds to a dict, wanted a list"));
  EXPECT_THAT(problem_of("K\x01K\x02\x93."), HasSubstr("a name is not text"));
  EXPECT_THAT(problem_of("ccollections\nOrderedDict\nK\x01\x85R."), HasSubstr("arguments that it does not"));
}

TEST(PickleReader, KeepsWithinItsLimits) {
  // An index that a table would be made for.
  EXPECT_THAT(problem_of("Nr\xff\xff\xff\xff."), HasSubstr("memo index 4294967295 in 7 bytes"));
  EXPECT_THAT(problem_of(std::string(1001, '(')), HasSubstr("more than 1000 open marks"));
  EXPECT_THAT(problem_of(std::string(1'000'001, 'N')), HasSubstr("on the stack"));
  std::string many;
  for (int i = 0; i < 4'000'001; ++i) many += "N0";
  EXPECT_THAT(problem_of(many), HasSubstr("more than 4000000 values"));
  // One long list, copied by call after call.
  std::string copies = "](" + std::string(1000, 'N') + "eq\x01" + "0";
  for (int i = 0; i < 9000; ++i) copies += "ccollections\nOrderedDict\nh\x01\x85R0";
  EXPECT_THAT(problem_of(copies), HasSubstr("list of other things than pairs"));
  copies = "}(" + std::string(1000, 'N') + "uq\x01" + "0";
  for (int i = 0; i < 9000; ++i) copies += "ccollections\nOrderedDict\nh\x01\x85R0";
  EXPECT_THAT(problem_of(copies), HasSubstr("more than 4000000 values"));
}

TEST(PickleReader, TakesDeepNestingWithoutRecursion) {
  constexpr std::size_t kDepth = 900'000;
  const Pickle deep = read(std::string(kDepth, ']') + std::string(kDepth - 1, 'a') + ".");
  std::size_t depth = 1;
  for (const PickleValue* value = deep.root; !value->items.empty(); value = value->items[0]) ++depth;
  EXPECT_EQ(depth, kDepth);
}

TEST(PickleReader, StopsWhereThePickleStops) {
  const Pickle pickle = read("K\x05.rest");
  EXPECT_EQ(pickle.size, 3U);
}

TEST(PickleReader, NeverCrashesOnMutatedBytes) {
  PickleWriter writer;
  writer.name("collections", "OrderedDict");
  writer.call_without_arguments();
  writer.mark();
  for (const char* key : {"one", "two"}) {
    writer.text(key);
    writer.integers({1, -5, std::int64_t{1} << 40U});
    writer.text("flag");
    writer.boolean(true);
  }
  writer.set_items_since_mark();
  const std::string good = std::move(writer).finish();
  ASSERT_EQ(read(good).root->items.size(), 8U);
  Random random(7);
  for (int round = 0; round < 30000; ++round) {
    std::vector<std::uint8_t> bytes(good.begin(), good.end());
    for (int k = 0; k < 3; ++k) bytes[random.below(bytes.size())] = static_cast<std::uint8_t>(random.next());
    try {
      EXPECT_NE(read_pickle(bytes, kAllowed).root, nullptr);
    } catch (const std::runtime_error& error) {
      EXPECT_THAT(error.what(), HasSubstr("pickle, byte"));
    }
  }
}

}  // namespace
}  // namespace ferv::weights
