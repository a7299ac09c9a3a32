"""Names in sentences and as the answer to a form."""

from __future__ import annotations

import pytest

from values import person


@pytest.mark.parametrize(
    ("text", "name", "title"),
    [
        ("王伟", "王伟", None),
        ("我叫王小明", "王小明", None),
        ("姓李", "李", None),
        ("免贵姓陈", "陈", None),
        ("李女士", "李", "女士"),
        ("张总", "张", "总"),
        ("姓李，女士", "李", "女士"),
        ("李，女士", "李", "女士"),
        ("欧阳，先生，谢谢", "欧阳", "先生"),
        ("王伟，13800000001", "王伟", None),
        ("欧阳娜娜", "欧阳娜娜", None),
        ("我姓王，王伟", "王伟", None),
        ("就写刘洋吧", "刘洋", None),
        ("阿卜杜·热合曼", "阿卜杜·热合曼", None),
        ("我叫Tom", "Tom", None),
        ("It's John Smith", "John Smith", None),
        ("john", "John", None),
        ("my name is li wei", "Li Wei", None),
        ("Mr Smith", "Smith", "Mr"),
        ("Anna-Maria O'Neil", "Anna-Maria O'Neil", None),
        ("Alice Green", "Alice Green", None),
    ],
)
def test_the_answer_is_a_name(text: str, name: str, title: str | None) -> None:
    assert person.read_name(text) == {"name": name, "title": title}


@pytest.mark.parametrize(
    "text",
    [
        "周六下午", "多少钱", "不知道", "ok", "周三", "明天", "好的", "谢谢", "马上", "取消",
        "青岚", "有现车吗", "好的，女士", "可以不说吗",
        "13800000001", "", "yes please", "what's the price", "I want to cancel", "tomorrow",
        "test drive",
        "how much", "how about Saturday", "😀", "高配", "转人工",
    ],
)  # fmt: skip
def test_the_answer_is_no_name(text: str) -> None:
    assert person.read_name(text) is None


@pytest.mark.parametrize(
    ("text", "span", "name", "title"),
    [
        ("我叫王伟，想试驾", "王伟", "王伟", None),
        ("我是王先生", "王先生", "王", "先生"),
        ("和张先生约好了", "张先生", "张", "先生"),
        ("联系人：张三", "张三", "张三", None),
        ("My name is John Smith and I need a car", "John Smith", "John Smith", None),
        ("I'm John, hello", "John", "John", None),
        ("ask for Mrs. Brown", "Mrs. Brown", "Brown", "Mrs"),
    ],
)
def test_a_name_in_a_sentence(text: str, span: str, name: str, title: str | None) -> None:
    found = person.find(text)
    assert [(one.text, one.value) for one in found] == [(span, {"name": name, "title": title})]


@pytest.mark.parametrize(
    "text",
    [
        "我是想问一下价格",
        "I'm interested in the E5",
        "我是来试驾的",
        "王伟",
        "it's too expensive",
        "this is great",
    ],
)
def test_no_name_in_a_sentence(text: str) -> None:
    assert person.find(text) == []
