# SPDX-License-Identifier: Apache-2.0
"""Reads TensorBoard event files with others' code, and prints what a run's curves come to as JSON.

The messages are read by protobuf from the few fields of tensorflow/core/util/event.proto that scalars need, the
checksums by the crc32c package; where the tensorboard package is installed its own reader reads the folder once more and
must agree. Exits with 77 where protobuf or crc32c is missing.
"""
import json
import os
import struct
import sys

try:
    import crc32c
    from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
except ImportError as error:
    print(f"skipped: {error}", file=sys.stderr)
    sys.exit(77)

F = descriptor_pb2.FieldDescriptorProto


def event_class():
    """The Event message, declared as event.proto and summary.proto have it."""
    file = descriptor_pb2.FileDescriptorProto(name="event.proto", package="tensorflow", syntax="proto3")

    def message(name, fields):
        declared = file.message_type.add(name=name)
        for number, (field, kind, type_name, is_list) in fields.items():
            declared.field.add(name=field, number=number, type=kind, type_name=type_name or None,
                               label=F.LABEL_REPEATED if is_list else F.LABEL_OPTIONAL)

    message("Value", {1: ("tag", F.TYPE_STRING, "", False), 2: ("simple_value", F.TYPE_FLOAT, "", False)})
    message("Summary", {1: ("value", F.TYPE_MESSAGE, ".tensorflow.Value", True)})
    message("SessionLog", {1: ("status", F.TYPE_INT32, "", False)})
    message("Event", {1: ("wall_time", F.TYPE_DOUBLE, "", False), 2: ("step", F.TYPE_INT64, "", False),
                      3: ("file_version", F.TYPE_STRING, "", False),
                      5: ("summary", F.TYPE_MESSAGE, ".tensorflow.Summary", False),
                      7: ("session_log", F.TYPE_MESSAGE, ".tensorflow.SessionLog", False)})
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.MessageFactory(pool).GetPrototype(pool.FindMessageTypeByName("tensorflow.Event"))


def check(data, wanted, what):
    checksum = crc32c.crc32c(data)
    masked = ((checksum >> 15 | checksum << 17) + 0xA282EAD8) & 0xFFFFFFFF
    if masked != wanted:
        raise SystemExit(f"checksum of {what} is {wanted:#x}, wanted {masked:#x}")


def records(path):
    """Whole records of a file; one that is cut off ends it."""
    with open(path, "rb") as file:
        while len(head := file.read(12)) == 12:
            length, checksum = struct.unpack("<QI", head)
            check(head[:8], checksum, "a length")
            data = file.read(length)
            tail = file.read(4)
            if len(tail) < 4:
                return
            check(data, struct.unpack("<I", tail)[0], "a record")
            yield data


def curves(folder):
    """{tag: [[step, value], ...]} by TensorBoard's rule: a start of a session voids its step and later ones."""
    event = event_class()
    found = {}
    for name in sorted(name for name in os.listdir(folder) if "tfevents" in name):
        for number, data in enumerate(records(os.path.join(folder, name))):
            read = event.FromString(data)
            assert read.wall_time > 1.6e9
            if number == 0:
                assert read.file_version == "brain.Event:2", read
            if read.session_log.status == 1:
                found = {tag: [p for p in points if p[0] < read.step] for tag, points in found.items()}
            for value in read.summary.value:
                found.setdefault(value.tag, []).append([read.step, value.simple_value])
    return found


def curves_of_tensorboard(folder):
    from tensorboard.backend.event_processing import event_accumulator
    accumulator = event_accumulator.EventAccumulator(folder, size_guidance={"scalars": 0})
    accumulator.Reload()
    return {tag: [[point.step, point.value] for point in accumulator.Scalars(tag)]
            for tag in accumulator.Tags()["scalars"]}


def main():
    found = curves(sys.argv[1])
    try:
        theirs = curves_of_tensorboard(sys.argv[1])
    except ImportError:
        theirs = found
    if theirs != found:
        raise SystemExit(f"tensorboard reads {theirs}, protobuf {found}")
    print(json.dumps(found, sort_keys=True))


main()
