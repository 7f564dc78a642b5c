// SPDX-License-Identifier: Apache-2.0
#include <sys/resource.h>
#include <torch/torch.h>

#include <csignal>
#include <cstdlib>

#include "ferv/base/files.h"
#include "ferv/base/random.h"
#include "ferv/weights/named_tensors.h"
#include "matchers.h"
#include "weights_files.h"
#include "zip_builder.h"

namespace ferv::weights {
namespace {

using namespace std::string_literals;
using test::bytes_of;
using test::make_zip;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

std::filesystem::path golden(const std::string& name) {
  return std::filesystem::path(FERV_SOURCE_DIR) / "tests/golden/pth" / name;
}

std::string dtype_name(torch::Dtype dtype) {
  switch (dtype) {
    case torch::kFloat16:
      return "float16";
    case torch::kBFloat16:
      return "bfloat16";
    case torch::kFloat32:
      return "float32";
    case torch::kFloat64:
      return "float64";
    case torch::kInt64:
      return "int64";
    case torch::kInt32:
      return "int32";
    case torch::kInt16:
      return "int16";
    case torch::kInt8:
      return "int8";
    case torch::kUInt8:
      return "uint8";
    case torch::kBool:
      return "bool";
    default:
      return "?";
  }
}

/// The text that tests/golden/pth_dump.py prints.
std::string dump_of(const NamedTensors& state) {
  std::string text;
  for (const auto& [name, any] : state.tensors) {
    const torch::Tensor tensor = any.contiguous();
    text += name + " " + dtype_name(tensor.scalar_type()) + " [";
    for (std::int64_t i = 0; i < tensor.dim(); ++i)
      text += (i > 0 ? "," : "") + std::to_string(tensor.size(i));
    text += "] ";
    const auto* bytes = static_cast<const std::uint8_t*>(tensor.data_ptr());
    for (std::size_t i = 0; i < tensor.nbytes(); ++i) {
      text += "0123456789abcdef"[bytes[i] >> 4U];
      text += "0123456789abcdef"[bytes[i] & 15U];
    }
    text += "\n";
  }
  return text;
}

NamedTensors example_state() {
  NamedTensors state;
  state.tensors = {{"conv.weight", torch::arange(24.0).reshape({2, 3, 2, 2}).to(torch::kFloat32)},
                   {"turned", torch::arange(6.0).reshape({2, 3}).t()},
                   {"part", torch::arange(10).slice(0, 2, 9, 3)},
                   {"scalar", torch::tensor(41)},
                   {"empty", torch::zeros({0, 4})},
                   {"half", torch::rand({3}).to(torch::kFloat16)},
                   {"brain", torch::rand({3}).to(torch::kBFloat16)},
                   {"double", torch::rand({3}, torch::kFloat64)},
                   {"bytes", torch::tensor({0, 255}).to(torch::kUInt8)},
                   {"flags", torch::tensor({true, false})},
                   {"n\xc3\xa4me", torch::ones({1}).requires_grad_()}};
  return state;
}

TEST(Pth, GivesTheTensorsThatPythonSaved) {
  for (const char* name :
       {"plain", "plain_dict", "wrapped", "nested", "net", "parallel", "parameters", "dtypes", "views",
        "protocol4", "legacy", "legacy_wrapped", "legacy_views", "legacy_dtypes"}) {
    const NamedTensors state = read_weights(golden(name + ".pth"s));
    EXPECT_EQ(dump_of(state), read_text_file(golden(name + ".txt"s))) << name;
    EXPECT_TRUE(state.metadata.empty());
    for (const auto& [key, tensor] : state.tensors) EXPECT_TRUE(tensor.is_contiguous()) << name << " " << key;
  }
}

TEST(Pth, GivesTensorsOfTheirOwnMemory) {
  const NamedTensors state = read_pth(golden("views.pth"));
  ASSERT_EQ(state.tensors[0].first, "whole");
  ASSERT_EQ(state.tensors[1].first, "again");
  const torch::Tensor before = state.tensors[1].second.clone();
  state.tensors[0].second.fill_(9);
  EXPECT_TRUE(torch::equal(state.tensors[1].second, before));
}

TEST(Pth, RefusesByNameWhatOtherFilesHold) {
  const std::pair<const char*, const char*> cases[] = {
      {"os_system", "would call 'posix.system'"},
      {"os_system_protocol4", "would call 'posix.system'"},
      {"os_system_legacy", "would call 'posix.system'"},
      {"builtins_eval", "would call '__builtin__.eval'"},
      {"nested_getattr", "would call '__builtin__.getattr'"},
      {"argparse_namespace", "would call 'argparse.Namespace'"},
      {"numpy_scalar", "would call 'numpy.core.multiarray.scalar'"},
      {"whole_module", "would call 'torch.nn.modules.linear.Linear'"},
      {"complex", "would call 'torch.ComplexFloatStorage'"},
      {"sparse", "would call 'torch._utils._rebuild_sparse_tensor'"},
      {"no_tensors", "no tensors by name: a dict with keys 'epoch', 'note'"},
      {"list", "holds a list, wanted a dict of tensors"},
      {"torchscript", "a TorchScript program"},
      {"deflated", "entry 'plain/data.pkl' is compressed (deflate)"}};
  for (const auto& [name, why] : cases) {
    test::expect_error(ErrorKind::kCorruptData, AllOf(HasSubstr(name + ".pth"s), HasSubstr(why)),
                       [&] { (void)read_weights(golden("refused/"s + name + ".pth")); });
  }
  test::expect_error(ErrorKind::kNotFound, HasSubstr("nowhere.pth"),
                     [&] { (void)read_pth(golden("nowhere.pth")); });
}

/// The opcodes of a tensor: a storage "0" of `count` floats, seen with these offset, sizes and strides.
std::string tensor_pickle(const std::string& count, const std::string& offset, const std::string& sizes,
                          const std::string& strides, const std::string& key = "0") {
  return "ctorch._utils\n_rebuild_tensor_v2\n((\x8c\x07storagectorch\nFloatStorage\n\x8c"s +
         static_cast<char>(key.size()) + key + "\x8c\x03" + "cpu" + count + "tQ" + offset + "(" + sizes +
         "t(" + strides + "t\x89" + "ccollections\nOrderedDict\n)RtR";
}

/// A checkpoint {"w": tensor} whose storage has four floats: 1, 2, 3, 4.
std::string checkpoint(const std::string& tensor, const std::vector<test::ZipPart>& more = {}) {
  const float values[] = {1, 2, 3, 4};
  std::vector<test::ZipPart> parts = {{"x/data.pkl", "\x80\x02}\x8c\x01w"s + tensor + "s."},
                                      {"x/data/0", std::string(reinterpret_cast<const char*>(values), 16)}};
  parts.insert(parts.end(), more.begin(), more.end());
  return make_zip(parts);
}

std::string problem_of(const std::string& bytes) {
  return test::message_of([&] { (void)parse_pth(bytes_of(bytes)); });
}

TEST(Pth, HoldsEachTensorAgainstItsStorage) {
  const std::string four = "K\x04";
  const std::string huge = "\x8a\x08\xff\xff\xff\xff\xff\xff\xff\x7f";
  const auto problem = [](const std::string& tensor) { return problem_of(checkpoint(tensor)); };
  EXPECT_EQ(problem(tensor_pickle(four, "K\x01", "K\x03", "K\x01")), "");
  EXPECT_EQ(problem(tensor_pickle(four, "K\x03", "K\x01K\x01", huge + huge)), "")
      << "a stride along a size of 1 is never taken";
  EXPECT_THAT(problem(tensor_pickle(four, "K\x02", "K\x03", "K\x01")),
              HasSubstr("tensor 'w': it reaches element 4 of a storage of 4"));
  EXPECT_THAT(problem(tensor_pickle(four, "K\x00"s, "K\x02K\x02", "K\x03K\x01")),
              HasSubstr("reaches element 4"));
  EXPECT_THAT(problem(tensor_pickle(four, huge, "K\x01", "K\x01")), HasSubstr("reaches element"));
  EXPECT_THAT(problem(tensor_pickle(four, huge, "K\x00"s, "K\x01")), HasSubstr("reaches element"));
  EXPECT_THAT(problem(tensor_pickle(four, "K\x00"s, "K\x02", huge)), HasSubstr("reaches element"));
  EXPECT_THAT(problem(tensor_pickle(four, "K\x00"s, huge + huge, "K\x01K\x01")),
              HasSubstr("range of 64 bits"));
  EXPECT_THAT(problem(tensor_pickle(four, "K\x00"s, huge + "K\x00"s, "K\x01K\x01")),
              HasSubstr("range of 64 bits"));
  EXPECT_THAT(problem(tensor_pickle(four, "K\x00"s, "J\xff\xff\xff\xff", "K\x01")), HasSubstr("size is -1"));
  EXPECT_THAT(problem(tensor_pickle(four, "K\x00"s, "K\x02", "J\xff\xff\xff\xff")),
              HasSubstr("stride is -1"));
  EXPECT_THAT(problem(tensor_pickle(four, "J\xff\xff\xff\xff", "K\x01", "K\x01")), HasSubstr("offset is -1"));
  EXPECT_THAT(problem(tensor_pickle(four, "N", "K\x01", "K\x01")), HasSubstr("offset is None"));
  EXPECT_THAT(problem(tensor_pickle(four, "K\x00"s, "K\x01K\x01", "K\x01")),
              HasSubstr("2 sizes and 1 strides"));
  std::string seventeen;
  for (int i = 0; i < 17; ++i) seventeen += "K\x01";
  EXPECT_THAT(problem(tensor_pickle(four, "K\x00"s, seventeen, seventeen)), HasSubstr("a tuple of 17"));
  // One float, repeated 2^40 times by a stride of 0.
  EXPECT_THAT(problem(tensor_pickle(four, "K\x00"s, "\x8a\x06\x00\x00\x00\x00\x00\x01"s, "K\x00"s)),
              HasSubstr("would take 4398046511104 bytes"));
}

TEST(Pth, HoldsStoragesAgainstTheirEntries) {
  const auto problem = [](const std::string& count, const std::string& key) {
    return problem_of(checkpoint(tensor_pickle(count, "K\x00"s, "K\x01", "K\x01", key)));
  };
  EXPECT_THAT(problem("K\x05", "0"), HasSubstr("storage '0' has 16 bytes, wanted 20"));
  EXPECT_THAT(problem("\x8a\x08\xff\xff\xff\xff\xff\xff\xff\x7f", "0"),
              HasSubstr("elements of Float in a file of"));
  EXPECT_THAT(problem("J\xff\xff\xff\xff", "0"), HasSubstr("count is -1"));
  EXPECT_THAT(problem("K\x04", "1"), HasSubstr("no entry 'x/data/1'"));
  EXPECT_THAT(problem("K\x04", "../../etc/passwd"), HasSubstr("no entry 'x/data/../../etc/passwd'"));
  const std::string long_key = "X\xe8\x03\0\0"s + std::string(1000, '1');
  const std::string long_id = "(\x8c\x07storagectorch\nFloatStorage\n" + long_key + "\x8c\x03" + "cpuK\x04tQ";
  EXPECT_THAT(problem_of(make_zip({{"x/data.pkl", long_id + "."}})), HasSubstr("key has 1000 bytes"));
  const std::string good = tensor_pickle("K\x04", "K\x00"s, "K\x04", "K\x01");
  EXPECT_THAT(
      problem_of(checkpoint(good + "s\x8c\x01v" + tensor_pickle("K\x03", "K\x00"s, "K\x01", "K\x01"))),
      HasSubstr("storage '0' is 3 of Float and 4 of Float"));
  EXPECT_THAT(problem_of(checkpoint(good + "s\x8c\x01w" + good)), HasSubstr("tensor 'w': it stands twice"));
  EXPECT_THAT(problem_of(checkpoint(good, {{"x/byteorder", "big"}})), HasSubstr("byte order 'big'"));
  EXPECT_EQ(problem_of(checkpoint(good, {{"x/byteorder", "little"}})), "");
  EXPECT_THAT(problem_of(checkpoint(good, {{"y/data.pkl", "N."}})), HasSubstr("more than one folder"));
  EXPECT_THAT(problem_of(checkpoint(good, {{"x/extra/ferv.json", "[1]"}})), Not(""));
  EXPECT_THAT(problem_of(make_zip({{"photo.jpg", ""}})), HasSubstr("without data.pkl ('photo.jpg')"));
  EXPECT_THAT(problem_of(make_zip({})), HasSubstr("without data.pkl (no entries)"));
}

TEST(Pth, RefusesStrangeDicts) {
  const auto problem = [](const std::string& pickle) {
    return problem_of(make_zip({{"x/data.pkl", "\x80\x02"s + pickle}}));
  };
  EXPECT_THAT(problem("}q\x01\x8c\x0astate_dicth\x01s."), HasSubstr("more than 8 dicts deep")) << "in itself";
  EXPECT_THAT(problem("}."), HasSubstr("a dict with no keys"));
  EXPECT_THAT(problem("K\x01."), HasSubstr("holds an integer, wanted a dict"));
  EXPECT_THAT(problem("}\x8c\x01wK\x05Qs."), HasSubstr("a persistent id is not"));
  const std::string tensor = tensor_pickle("K\x04", "K\x00"s, "K\x04", "K\x01");
  const float values[] = {1, 2, 3, 4};
  const test::ZipPart data{"x/data/0", std::string(reinterpret_cast<const char*>(values), 16)};
  EXPECT_THAT(problem_of(make_zip({{"x/data.pkl", "}K\x01" + tensor + "s."}, data})),
              HasSubstr("name is an integer"));
  EXPECT_THAT(problem_of(make_zip({{"x/data.pkl", "}\x8c\x01\xff" + tensor + "s."}, data})),
              HasSubstr("UTF-8"));
  EXPECT_THAT(problem_of(make_zip({{"x/data.pkl", "}\x8c\x01wctorch._utils\n_rebuild_tensor_v2\n)Rs."}})),
              HasSubstr("tensor 'w': it is made of 0 values, wanted 6"));
}

TEST(Pth, StripsAPrefixOnlyWhereAllHaveIt) {
  const auto names = [](const std::string& a, const std::string& b) {
    const std::string tensor = tensor_pickle("K\x04", "K\x00"s, "K\x04", "K\x01");
    const auto key = [](const std::string& text) { return "\x8c"s + static_cast<char>(text.size()) + text; };
    const float values[] = {1, 2, 3, 4};
    const std::string zip = make_zip({{"x/data.pkl", "}" + key(a) + tensor + "s" + key(b) + tensor + "s."},
                                      {"x/data/0", std::string(reinterpret_cast<const char*>(values), 16)}});
    const NamedTensors state = parse_pth(bytes_of(zip));
    return state.tensors[0].first + " " + state.tensors[1].first;
  };
  EXPECT_EQ(names("module.a", "module.b"), "a b");
  EXPECT_EQ(names("module._orig_mod.module.a", "module._orig_mod.module.b"), "a b");
  EXPECT_EQ(names("module.a", "b"), "module.a b");
  EXPECT_EQ(names("module.", "module.b"), "module. module.b");
}

TEST(Pth, RefusesDamageInTheOlderFormat) {
  const std::vector<std::uint8_t> bytes = read_file(golden("legacy.pth"));
  const std::string good(bytes.begin(), bytes.end());
  ASSERT_EQ(problem_of(good), "");
  EXPECT_THAT(problem_of(good + "x"), HasSubstr("1 bytes are left"));
  for (std::size_t size = 0; size < good.size(); ++size)
    EXPECT_NE(problem_of(good.substr(0, size)), "") << size;
  std::string changed = good;
  changed[6] = 'x';
  EXPECT_THAT(problem_of(changed), HasSubstr("no magic number"));
  EXPECT_THAT(problem_of("\x80\x02}."), HasSubstr("that torch.save did not write"));
  changed = good;
  changed[changed.find("\x88", changed.find("little_endian"))] = '\x89';
  EXPECT_THAT(problem_of(changed), HasSubstr("little-endian"));
}

TEST(Pth, SurvivesARoundTrip) {
  const test::TemporaryFolder folder;
  NamedTensors state = example_state();
  state.metadata = {{"model", "r18_lstm"}, {"note", "quotes \" and\nlines"}};
  write_pth(folder / "x.pth", state);
  const NamedTensors read = read_weights(folder / "x.pth");
  EXPECT_EQ(dump_of(read), dump_of(state));
  EXPECT_EQ(read.metadata, state.metadata);
}

TEST(Pth, WritesTheSameBytesForTheSameTensors) {
  const test::TemporaryFolder folder;
  const NamedTensors state = example_state();
  write_pth(folder / "a.pth", state);
  write_pth(folder / "b.pth", state);
  EXPECT_EQ(read_file(folder / "a.pth"), read_file(folder / "b.pth"));
}

TEST(Pth, RefusesToWriteWhatCannotBeRead) {
  const test::TemporaryFolder folder;
  const auto write = [&](NamedTensors state) { write_pth(folder / "x.pth", state); };
  test::expect_error(ErrorKind::kUnsupported, HasSubstr("ComplexFloat"), [&] {
    write({.tensors = {{"c", torch::zeros({1}, torch::kComplexFloat)}}, .metadata = {}});
  });
  test::expect_error(ErrorKind::kInvalidArgument, HasSubstr("'a' stands twice"), [&] {
    write({.tensors = {{"a", torch::zeros({1})}, {"a", torch::zeros({1})}}, .metadata = {}});
  });
  test::expect_error(ErrorKind::kInvalidArgument, HasSubstr("metadata"), [&] {
    write({.tensors = {}, .metadata = {{"a", "\xff"}}});
  });
  EXPECT_TRUE(std::filesystem::is_empty(folder.path())) << "nothing is left behind";
  // The folder in the way is a file.
  write_file_atomically(folder / "file", std::string_view("x"));
  test::expect_error(ErrorKind::kIo, HasSubstr("file"),
                     [&] { write_pth(folder / "file" / "x.pth", example_state()); });
}

/// Writes where files may have no more than 100 000 bytes, and ends the process: 7 where that gives kIo.
void write_under_a_limit(const std::string& path, const NamedTensors& state) {
  std::signal(SIGXFSZ, SIG_IGN);
  const rlimit limit{100'000, 100'000};
  ::setrlimit(RLIMIT_FSIZE, &limit);
  try {
    write_pth(path, state);
  } catch (const Error& error) {
    std::_Exit(error.kind() == ErrorKind::kIo ? 7 : 8);
  }
  std::_Exit(9);
}

TEST(Pth, ReportsAFullDiskAndLeavesNothing) {
  // A limit on the size of files stands for the disk; in a process of its own, as it cannot be taken back.
  const test::TemporaryFolder folder;
  const NamedTensors state{.tensors = {{"big", torch::zeros({1 << 20})}}, .metadata = {}};
  EXPECT_EXIT(write_under_a_limit((folder / "big.pth").string(), state), testing::ExitedWithCode(7), "");
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

/// The Python that has PyTorch, or "".
std::string python_with_torch() {
  for (const char* python : {"/usr/bin/python3", "python3"}) {
    if (std::system((python + " -c 'import torch' >/dev/null 2>&1"s).c_str()) == 0) return python;
  }
  return "";
}

TEST(Pth, IsReadByPythonWithWeightsOnly) {
  const std::string python = python_with_torch();
  if (python.empty()) GTEST_SKIP() << "no python3 here can import torch";
  const test::TemporaryFolder folder;
  NamedTensors state = example_state();
  state.metadata = {{"model", "r18_lstm"}};
  write_pth(folder / "x.pth", state);
  const std::string command = "PYTHONDONTWRITEBYTECODE=1 PYTHONIOENCODING=utf-8 " + python + " '" +
                              FERV_SOURCE_DIR + "/tests/golden/pth_dump.py' '" + (folder / "x.pth").string() +
                              "' >'" + (folder / "out").string() + "' 2>'" + (folder / "err").string() + "'";
  EXPECT_EQ(std::system(command.c_str()), 0) << read_text_file(folder / "err");
  EXPECT_EQ(read_text_file(folder / "out"), dump_of(state));
}

/// Replaces the pickle of an archive and keeps the rest, with checksums that fit: else they would catch all.
std::string with_pickle(const std::string& pickle) {
  const float values[] = {1, 2, 3, 4};
  return make_zip(
      {{"x/data.pkl", pickle}, {"x/data/0", std::string(reinterpret_cast<const char*>(values), 16)}});
}

TEST(Pth, NeverCrashesOnMutatedFiles) {
  Random random(11);
  int read_count = 0;
  const auto attempt = [&](const std::string& bytes) {
    try {
      (void)parse_file("x.pth", bytes_of(bytes), ".pth", parse_pth);
      ++read_count;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kCorruptData);
      EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos) << error.what();
    }
  };
  const auto mutated = [&](std::string bytes) {
    for (int k = 0; k < 3; ++k) bytes[random.below(bytes.size())] = static_cast<char>(random.next());
    if (random.chance(0.1)) bytes.resize(random.below(bytes.size() + 1));
    return bytes;
  };
  for (const char* name : {"plain", "wrapped", "protocol4", "legacy", "legacy_wrapped", "legacy_views"}) {
    const std::vector<std::uint8_t> bytes = read_file(golden(name + ".pth"s));
    const std::string good(bytes.begin(), bytes.end());
    for (int round = 0; round < 700; ++round) attempt(mutated(good));
  }
  const std::string pickle =
      "\x80\x02}\x8c\x01w"s + tensor_pickle("K\x04", "K\x00"s, "K\x02K\x02", "K\x02K\x01") + "s.";
  for (int round = 0; round < 5000; ++round) attempt(with_pickle(mutated(pickle)));
  EXPECT_GT(read_count, 0) << "some mutations change a number only";
}

}  // namespace
}  // namespace ferv::weights
