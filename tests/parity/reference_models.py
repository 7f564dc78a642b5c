# SPDX-License-Identifier: Apache-2.0
"""The networks of the zoo in plain PyTorch, written from the papers and the project's description of each row.

ResNet, VGG and r3d_18 are torchvision's own. Everything else is defined here, as directly as PyTorch lets one say
it and without a look at the C++ code, so that an error there is not repeated. The state dicts have ferv's names.
"""
import torch
import torchvision
from torch import nn
from torch.nn import functional


def without_last_layer(network):
    """A torchvision ResNet that gives its features."""
    network.fc = nn.Identity()
    return network


def vgg_up_to_fc7(network):
    network.classifier = network.classifier[:6]
    return network


def features_of_all_frames(network, clip):
    """[B, 3, T, H, W] -> [B, T, D]. All frames in one call, for batch norm in training sees them together; and
    channels-last like ferv's: PyTorch's own gradients differ by up to 5 % of their size between its two layouts,
    where a rounding puts an activation on the other side of its ReLU in a network of 50 layers."""
    count, _, frames = clip.shape[:3]
    pictures = clip.transpose(1, 2).reshape(count * frames, 3, *clip.shape[3:])
    features = network(pictures.contiguous(memory_format=torch.channels_last))
    return features.reshape(count, frames, -1)


class FrameAverage(nn.Module):
    """Logits of every frame by a picture classifier, averaged. Names are those of the classifier itself."""

    def __init__(self, classifier):
        super().__init__()
        for name, child in classifier.named_children():
            self.add_module(name, child)
        # Not registered: its children are here already, and train() and eval() reach them.
        object.__setattr__(self, "classifier_of_frames", classifier)

    def forward(self, clip):
        return features_of_all_frames(self.classifier_of_frames, clip).mean(1)


class ResNetLstm(nn.Module):
    def __init__(self, backbone, width, classes):
        super().__init__()
        self.backbone = without_last_layer(backbone)
        self.lstm = nn.LSTM(width, width, batch_first=True)
        self.fc = nn.Linear(width, classes)

    def forward(self, clip):
        outputs, _ = self.lstm(features_of_all_frames(self.backbone, clip))
        return self.fc(outputs[:, -1])


class VggLstm(nn.Module):
    def __init__(self, backbone, classes):
        super().__init__()
        self.backbone = vgg_up_to_fc7(backbone)
        self.projection = nn.Linear(4096, 512)
        self.lstm = nn.LSTM(512, 512, batch_first=True)
        self.fc = nn.Linear(512, classes)

    def forward(self, clip):
        features = self.projection(features_of_all_frames(self.backbone, clip))
        return self.fc(self.lstm(features)[0][:, -1])


class C3dTrunk(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv3d(3, 64, 3, padding=1)
        self.conv2 = nn.Conv3d(64, 128, 3, padding=1)
        self.conv3a = nn.Conv3d(128, 256, 3, padding=1)
        self.conv3b = nn.Conv3d(256, 256, 3, padding=1)
        self.conv4a = nn.Conv3d(256, 512, 3, padding=1)
        self.conv4b = nn.Conv3d(512, 512, 3, padding=1)
        self.conv5a = nn.Conv3d(512, 512, 3, padding=1)
        self.conv5b = nn.Conv3d(512, 512, 3, padding=1)

    def forward(self, x):
        pool = functional.max_pool3d
        x = pool(self.conv1(x).relu(), (1, 2, 2))
        x = pool(self.conv2(x).relu(), 2)
        x = pool(self.conv3b(self.conv3a(x).relu()).relu(), 2)
        x = pool(self.conv4b(self.conv4a(x).relu()).relu(), 2)
        x = pool(self.conv5b(self.conv5a(x).relu()).relu(), 2, padding=(0, 1, 1))
        return x.flatten(1)


class C3d(C3dTrunk):
    def __init__(self, classes):
        super().__init__()
        self.fc6 = nn.Linear(8192, 4096)
        self.fc7 = nn.Linear(4096, 4096)
        self.fc8 = nn.Linear(4096, classes)
        self.dropout = nn.Dropout(0.5)

    def forward(self, x):
        x = self.dropout(self.fc6(super().forward(x)).relu())
        return self.fc8(self.dropout(self.fc7(x).relu()))


def pad_as_tensorflow(x, window, stride):
    """Zeros so that ceil(size / stride) windows fit; the odd one goes to the end."""
    pads = []
    for size, one_window, one_stride in zip(x.shape[2:], window, stride):
        rest = size % one_stride
        total = max(one_window - (rest if rest else one_stride), 0)
        pads = [total // 2, total - total // 2] + pads
    return functional.pad(x, pads)


class Unit3d(nn.Module):
    def __init__(self, inputs, outputs, window=1, stride=1):
        super().__init__()
        self.window, self.stride = (window,) * 3, (stride,) * 3
        self.conv3d = nn.Conv3d(inputs, outputs, window, stride, bias=False)
        self.bn = nn.BatchNorm3d(outputs, eps=1e-3, momentum=0.01)

    def forward(self, x):
        return self.bn(self.conv3d(pad_as_tensorflow(x, self.window, self.stride))).relu()


class Pool3d(nn.Module):
    def __init__(self, window, stride):
        super().__init__()
        self.window, self.stride = window, stride

    def forward(self, x):
        return functional.max_pool3d(pad_as_tensorflow(x, self.window, self.stride), self.window, self.stride)


class Mixed(nn.Module):
    def __init__(self, inputs, b0, b1a, b1b, b2a, b2b, b3b):
        super().__init__()
        self.b0 = Unit3d(inputs, b0)
        self.b1a = Unit3d(inputs, b1a)
        self.b1b = Unit3d(b1a, b1b, 3)
        self.b2a = Unit3d(inputs, b2a)
        self.b2b = Unit3d(b2a, b2b, 3)
        self.b3a = Pool3d((3, 3, 3), (1, 1, 1))
        self.b3b = Unit3d(inputs, b3b)

    def forward(self, x):
        return torch.cat([self.b0(x), self.b1b(self.b1a(x)), self.b2b(self.b2a(x)), self.b3b(self.b3a(x))], 1)


class I3dTrunk(nn.Module):
    def __init__(self):
        super().__init__()
        self.Conv3d_1a_7x7 = Unit3d(3, 64, 7, 2)
        self.MaxPool3d_2a_3x3 = Pool3d((1, 3, 3), (1, 2, 2))
        self.Conv3d_2b_1x1 = Unit3d(64, 64)
        self.Conv3d_2c_3x3 = Unit3d(64, 192, 3)
        self.MaxPool3d_3a_3x3 = Pool3d((1, 3, 3), (1, 2, 2))
        self.Mixed_3b = Mixed(192, 64, 96, 128, 16, 32, 32)
        self.Mixed_3c = Mixed(256, 128, 128, 192, 32, 96, 64)
        self.MaxPool3d_4a_3x3 = Pool3d((3, 3, 3), (2, 2, 2))
        self.Mixed_4b = Mixed(480, 192, 96, 208, 16, 48, 64)
        self.Mixed_4c = Mixed(512, 160, 112, 224, 24, 64, 64)
        self.Mixed_4d = Mixed(512, 128, 128, 256, 24, 64, 64)
        self.Mixed_4e = Mixed(512, 112, 144, 288, 32, 64, 64)
        self.Mixed_4f = Mixed(528, 256, 160, 320, 32, 128, 128)
        self.MaxPool3d_5a_2x2 = Pool3d((2, 2, 2), (2, 2, 2))
        self.Mixed_5b = Mixed(832, 256, 160, 320, 32, 128, 128)
        self.Mixed_5c = Mixed(832, 384, 192, 384, 48, 128, 128)

    def forward(self, x):
        for name, stage in self.named_children():
            if name not in ("dropout", "logits"):
                x = stage(x)
        return x.mean((2, 3, 4))


class I3d(I3dTrunk):
    def __init__(self, classes):
        super().__init__()
        self.dropout = nn.Dropout(0.5)
        self.logits = nn.Module()
        self.logits.conv3d = nn.Conv3d(1024, classes, 1)

    def forward(self, x):
        features = self.dropout(super().forward(x))
        return self.logits.conv3d(features[:, :, None, None, None])[:, :, 0, 0, 0]


class TwoTrunks(nn.Module):
    """Features of both streams joined, a hidden layer, the classifier."""

    def __init__(self, face, scene, joined, classes):
        super().__init__()
        self.face, self.scene = face, scene
        self.fusion = nn.Linear(joined, 1024)
        self.fc = nn.Linear(1024, classes)

    def features(self, face, scene):
        return self.face(face), self.scene(scene)

    def forward(self, face, scene):
        return self.fc(self.fusion(torch.cat(self.features(face, scene), 1)).relu())


class TwoResNetLstm(TwoTrunks):
    def __init__(self, classes):
        resnet = torchvision.models.resnet18
        super().__init__(without_last_layer(resnet()), without_last_layer(resnet()), 1024, classes)
        self.lstm = nn.ModuleDict({name: nn.LSTM(512, 512, batch_first=True) for name in ("face", "scene")})

    def features(self, face, scene):
        return (self.lstm["face"](features_of_all_frames(self.face, face))[0][:, -1],
                self.lstm["scene"](features_of_all_frames(self.scene, scene))[0][:, -1])


class VggMaps(nn.Module):
    def __init__(self, network):
        super().__init__()
        self.features = network.features

    def forward(self, pictures):
        return functional.adaptive_avg_pool2d(self.features(pictures), 7).flatten(1)


class TwoVggLstm(nn.Module):
    def __init__(self, classes):
        super().__init__()
        whole = torchvision.models.vgg13(init_weights=False)
        self.face = VggMaps(whole)
        self.scene = VggMaps(torchvision.models.vgg13(init_weights=False))
        self.classifier = whole.classifier[:6]
        self.projection = nn.Linear(4096, 512)
        self.lstm = nn.ModuleDict({name: nn.LSTM(512, 512, batch_first=True) for name in ("face", "scene")})
        self.fc = nn.Linear(1024, classes)

    def stream(self, name, trunk, clip):
        features = self.projection(self.classifier(features_of_all_frames(trunk, clip)))
        return self.lstm[name](features)[0][:, -1]

    def forward(self, face, scene):
        return self.fc(torch.cat([self.stream("face", self.face, face), self.stream("scene", self.scene, scene)], 1))


class TwoC3d(nn.Module):
    def __init__(self, classes):
        super().__init__()
        self.face, self.scene = C3dTrunk(), C3dTrunk()
        self.fc6 = nn.Linear(8192, 4096)
        self.fc7 = nn.Linear(4096, 2048)
        self.fc = nn.Linear(2048, classes)
        self.dropout = nn.Dropout(0.5)

    def forward(self, face, scene):
        x = self.face(face) + self.scene(scene)
        x = self.dropout(self.fc6(x).relu())
        return self.fc(self.dropout(self.fc7(x).relu()))


def r3d18_features():
    return without_last_layer(torchvision.models.video.r3d_18())


_vision = torchvision.models

# Row of `ferv zoo list` -> its network for a number of classes. Weights come from ferv, so none are drawn where
# torchvision lets one choose.
BUILDERS = {
    "resnet18": lambda k: FrameAverage(_vision.resnet18(num_classes=k)),
    "resnet50": lambda k: FrameAverage(_vision.resnet50(num_classes=k)),
    "vgg13": lambda k: FrameAverage(_vision.vgg13(num_classes=k, init_weights=False)),
    "vgg16": lambda k: FrameAverage(_vision.vgg16(num_classes=k, init_weights=False)),
    "r18_lstm": lambda k: ResNetLstm(_vision.resnet18(), 512, k),
    "r50_lstm": lambda k: ResNetLstm(_vision.resnet50(), 2048, k),
    "vgg13_lstm": lambda k: VggLstm(_vision.vgg13(init_weights=False), k),
    "vgg16_lstm": lambda k: VggLstm(_vision.vgg16(init_weights=False), k),
    "c3d": C3d,
    "i3d": I3d,
    "r3d18": lambda k: _vision.video.r3d_18(num_classes=k),
    "two_c3d": TwoC3d,
    "two_i3d": lambda k: TwoTrunks(I3dTrunk(), I3dTrunk(), 2048, k),
    "two_r3d18": lambda k: TwoTrunks(r3d18_features(), r3d18_features(), 1024, k),
    "two_r18_lstm": TwoResNetLstm,
    "two_vgg13_lstm": TwoVggLstm,
}
