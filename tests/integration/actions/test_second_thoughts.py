"""Messages taken for another thing, as English-speaking customers write them."""

from collections.abc import Sequence

import pytest

from backend.models import Complaint, TestDriveBooking
from backend.services import Services
from tests.integration.actions.dialogue import Dialogue, Said, mention
from tests.integration.actions.records import rows, tasks

SHANYU, QINGLAN, E5 = (mention("model", code) for code in ("shanyu", "qinglan", "xinghe-e5"))
SUV, HYBRID = mention("body", "suv"), mention("energy", "hybrid")
BOOT = mention("feature", "trunk_volume")
CHEAPER = mention("comparison", "cheaper")


def words(said: Sequence[Said]) -> str:
    return "\n".join(one.shown("en") for one in said)


async def test_the_cheapest_of_all_is_not_that_of_the_list(english: Dialogue) -> None:
    await english.says("show me SUVs", "recommend_model", SUV)
    said = await english.says("ok then whats the cheapest thing you sell", "ask_price")
    assert "Qinglan 1.5L Comfort" in words(said)


async def test_the_cheapest_that_has_something(english: Dialogue) -> None:
    cruise = mention("feature", "adaptive_cruise")
    said = await english.says("whats the cheapest with cruise control", "ask_config", cruise)
    assert "Of those that have it, the cheapest is the" in words(said)
    assert "Qinglan 1.5L Comfort" not in words(said)


async def test_the_cheaper_of_two_versions_is_chosen_among_them(english: Dialogue) -> None:
    await english.says("tell me about the shanyu", "ask_config", SHANYU)
    said = await english.says("the cheaper hybrid i mean", "recommend_model", CHEAPER, HYBRID)
    assert "Shanyu 1.5L Hybrid Deluxe" in words(said)
    # The petrol versions of the same car are cheaper than it, and SUVs.
    text = "got anything cheaper than that but still an suv?"
    said = await english.says(text, "recommend_model", CHEAPER, SUV)
    assert [card["title"] for card in said[0].cards] == ["Shanyu"]
    assert said[0].response == "utter_recommendation"
    assert "SUV" in said[0].values["wishes"]


async def test_seats_that_matter_no_more(english: Dialogue) -> None:
    await english.says("a family suv with 7 seats", "recommend_model", SUV)
    await english.says("hmm forget 7 seats", "recommend_model")
    assert english.slots["topic"]["wishes"]["seats"] is None


async def test_wishes_in_passing_words_are_wishes(english: Dialogue) -> None:
    await english.says("i need a car", "recommend_model")
    said = await english.says("automatic obviously", "inform")
    assert said[0].response == "utter_recommendation"
    said = await english.says("shes at uni so no charger", "out_of_scope")
    assert said[0].response == "utter_recommendation"
    assert english.slots["topic"]["wishes"]["no_energies"] == ["electric"]


async def test_which_of_those_shown_has_more(english: Dialogue) -> None:
    await english.says("show me SUVs", "recommend_model", SUV)
    said = await english.says("which one has the bigger boot", "recommend_model", BOOT)
    assert "oot volume" in words(said)
    assert "has the highest figure" in words(said)


async def test_the_first_two_are_compared(english: Dialogue) -> None:
    await english.says("show me SUVs", "recommend_model", SUV)
    said = await english.says("compare the first two", "out_of_scope")
    assert {"Shanyu", "Yuanyue"} <= {card["title"] for one in said for card in one.cards} or (
        "Shanyu" in words(said) and "Yuanyue" in words(said)
    )
    assert "utter_out_of_scope" not in [one.response for one in said]


async def test_what_the_top_trim_adds(english: Dialogue) -> None:
    await english.says("tell me about the shanyu", "ask_config", SHANYU)
    top = mention("trim_level", "top")
    said = await english.says("ok and what does the top trim add", "ask_price", top)
    assert "more than the" in words(said)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("do u take credit cards", "out_of_scope"),
        ("is there wifi or a loaner car", "ask_finance"),
        ("do i have to wait there", "out_of_scope"),
    ],
)
async def test_what_no_record_says_goes_to_a_consultant(
    english: Dialogue, services: Services, text: str, intent: str
) -> None:
    said = await english.says(text, intent)
    assert [one.response for one in said] == ["utter_consultant_follows_up"]
    assert len(await tasks(services)) == 1


async def test_how_long_one_waits_for_a_car(english: Dialogue) -> None:
    said = await english.says("and how long would i wait for one", "out_of_scope")
    assert "utter_out_of_scope" not in [one.response for one in said]
    assert said[0].response is None


async def test_an_order_number_is_no_budget(english: Dialogue) -> None:
    said = await english.says("order number is 88123", "nlu_fallback")
    assert [one.response for one in said] == ["utter_order_status"]


async def test_kilometres_in_thousands_are_no_budget(english: Dialogue) -> None:
    await english.says("whats due on an e5 at 45 thousand km", "ask_maintenance_price", E5)
    said = await english.says("lol i meant 60k", "inform")
    assert "60,000 km" in words(said)
    assert "budget" not in words(said)


async def test_another_drive_right_after_the_first(english: Dialogue, services: Services) -> None:
    await english.says("test drive the e5 on friday at 3 pm", "book_test_drive", E5)
    await english.says("Emma Stone, 13611112222", "inform")
    await english.says("yes", "affirm")
    assert len(await rows(services, TestDriveBooking)) == 1
    await english.says("and the shanyu right after that pls", "nlu_fallback", SHANYU)
    assert english.loop == "test_drive_form"
    assert english.slots["test_drive_model"] == "shanyu"


async def test_a_day_that_does_not_exist(english: Dialogue) -> None:
    said = await english.says("a test drive of the shanyu on 30th feb", "book_test_drive", SHANYU)
    assert said[0].response == "utter_no_such_day"


async def test_a_name_without_apostrophe_beside_the_phone(english: Dialogue) -> None:
    await english.says("service for my shanyu friday 9 am", "book_maintenance", SHANYU)
    await english.says("im mike brown 13987654321", "inform")
    assert english.slots["customer_name"] == "Mike Brown"


async def test_an_insult_to_the_assistant_is_no_complaint(
    english: Dialogue, services: Services
) -> None:
    said = await english.says("you are a useless piece of junk", "complaint")
    assert said[0].response == "utter_anger"
    assert await rows(services, Complaint) == []
    await english.says("your workshop is useless, still the same noise", "complaint")
    assert len(await rows(services, Complaint)) == 1


async def test_what_is_asked_of_a_complaint_is_no_part_of_it(
    english: Dialogue, services: Services
) -> None:
    await english.says("you had my car for 3 days and it still makes that noise", "complaint")
    said = await english.says("what happens now", "nlu_fallback")
    assert "utter_complaint_more_noted" not in [one.response for one in said]
    assert (await rows(services, Complaint))[0].number in words(said)
    await english.says("no thats it just file it", "nlu_fallback")
    assert english.loop is None
    said = await english.says("so whens someone going to call me", "human_handoff")
    assert (await rows(services, Complaint))[0].number in words(said)
    assert "utter_hand_over_open" not in [one.response for one in said]


async def test_people_who_are_safe_are_not_told_the_same_again(english: Dialogue) -> None:
    await english.says("smoke is coming from under the bonnet", "report_fault")
    said = await english.says("ok im out of the car, were safe", "report_fault")
    assert [one.response for one in said] == ["utter_out_of_danger"]
    said = await english.says("we are still in the car, is it safe", "report_fault")
    assert "utter_out_of_danger" not in [one.response for one in said]


async def test_a_car_named_in_the_diagnosis_books_nothing(english: Dialogue) -> None:
    await english.says("orange engine light is on, car feels normal", "report_fault")
    said = await english.says("its a shanyu", "inform", SHANYU)
    assert said[0].response == "utter_car_noted"
    assert english.loop is None
    assert english.slots["topic"]["service_car"] == "shanyu"


async def test_the_same_question_of_another_car(english: Dialogue) -> None:
    said = await english.says("is the e5 in stock", "ask_purchase_process", E5)
    first = words(said)
    said = await english.says(
        "ok and the x7, same question", "inform", mention("model", "xinghe-x7")
    )
    assert words(said) == first.replace("E5", "X7")


async def test_a_figure_of_mild_weather_is_no_answer_for_winter(
    english: Dialogue, services: Services
) -> None:
    reach = mention("feature", "range_cltc")
    said = await english.says("whats the range on the e5 in winter", "ask_config", E5, reach)
    assert "test-cycle figures" in said[-1].text
    assert len(await tasks(services)) == 1


async def test_charging_at_home_of_a_car_that_is_talked_about(english: Dialogue) -> None:
    await english.says("tell me about the e5", "ask_config", E5)
    said = await english.says("can i charge it at home", "ask_config")
    assert "charg" in words(said)
    assert "utter_not_confirmed" not in [one.response for one in said]


async def test_another_dealers_price_is_not_disputed(english: Dialogue) -> None:
    said = await english.says("my mate got one for 150k at another dealer", "ask_price", E5)
    assert "utter_other_quote" in [one.response for one in said]


async def test_someone_to_be_sent_after_a_fault(english: Dialogue) -> None:
    await english.says("my car wont start, clicks when i turn the key", "report_fault")
    await english.says("yeah can u send someone", "human_handoff")
    assert english.loop == "roadside_form"


async def test_one_more_drive_after_that_is_on_the_same_day(english: Dialogue) -> None:
    await english.says("test drive the e5 on friday at 10 am", "book_test_drive", E5)
    await english.says("Emma Stone, 13611112222", "inform")
    await english.says("yes", "affirm")
    said = await english.says("and the shanyu right after that pls", "inform", SHANYU)
    assert "Fri 27 Nov" in words(said)
    await english.says("ok 12 then", "inform")
    assert str(english.slots["test_drive_time"]).startswith("2026-11-27T12:00")


async def test_a_withdrawn_complaint_that_was_not_solved_after_all(
    english: Dialogue, services: Services
) -> None:
    await english.says("you had my car for 3 days and it still makes the same noise", "complaint")
    await english.says("no", "deny")
    await english.says("its been sorted, you can drop the complaint", "complaint_status")
    await english.says("actually no the same noise is back", "out_of_scope")
    (complaint,) = await rows(services, Complaint)
    assert complaint.state == "open"


async def test_scraps_that_go_on_with_the_loan(english: Dialogue) -> None:
    flagship = mention("trim", "yunchi-20t-flagship")
    await english.says("whats the finance on the yunchi flagship", "ask_finance", flagship)
    for text in ("and the apr", "say 24 months then", "48 sorry"):
        said = await english.says(text, "nlu_fallback")
        assert "a month" in words(said), text
    assert "48 months" in words(said)


@pytest.mark.parametrize("text", ["what if i pay it off early", "my credit isnt great tbh"])
async def test_what_no_plan_tells_of_a_loan(
    english: Dialogue, services: Services, text: str
) -> None:
    said = await english.says(text, "ask_finance")
    assert [one.response for one in said] == ["utter_not_confirmed"]
    assert len(await tasks(services)) == 1


async def test_the_car_of_a_statement_is_the_car_that_is_meant(english: Dialogue) -> None:
    flagship = mention("trim", "yunchi-20t-flagship")
    await english.says("what papers for the yunchi flagship", "ask_purchase_process", flagship)
    said = await english.says("whats the least i can put down", "ask_finance")
    assert "Yunchi 2.0T Flagship" in words(said)


async def test_a_short_phone_beside_thanks(english: Dialogue) -> None:
    said = await english.says("ok cheers, text me all that on 1381234567", "thank")
    assert [one.response for one in said] == ["utter_phone_invalid"]
    said = await english.says("sorry, thanks, its 13812345678", "thank")
    assert [one.response for one in said] == ["utter_phone_noted"]


async def test_when_the_person_answers_who_was_asked_for(english: Dialogue) -> None:
    await english.says("ok give me the manager", "human_handoff")
    said = await english.says("when will they answer", "out_of_scope")
    assert said[0].response == "utter_in_line_open"


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("can i get it in blue", "ask_purchase_process"),
        ("what colour options for the yunchi", "inform"),
    ],
)
async def test_colours_are_asked_of_the_car(english: Dialogue, text: str, intent: str) -> None:
    await english.says("tell me about the yunchi", "ask_config", mention("model", "yunchi"))
    named = [mention("colour", "blue")] if "blue" in text else [mention("model", "yunchi")]
    said = await english.says(text, intent, *named)
    assert "colours" in words(said)


async def test_who_thinks_it_over_is_let_go(english: Dialogue) -> None:
    said = await english.says("cool ill think about it bye", "chitchat")
    assert [one.response for one in said] == ["utter_deny"]


async def test_with_a_lamp_out_nobody_drives_at_night(english: Dialogue) -> None:
    await english.says("one of the headlights is out", "report_fault")
    said = await english.says("can i still drive it at night", "report_fault")
    assert words(said).startswith("No, not at night")
    said = await english.says("can i still drive it", "report_fault")
    assert "not at night" not in words(said)


async def test_a_feature_that_matters_is_told_of_the_car(english: Dialogue) -> None:
    await english.says("tell me about the shanyu", "ask_config", SHANYU)
    isofix = mention("feature", "isofix")
    said = await english.says("my wifes pregnant so isofix a must", "out_of_scope", isofix)
    assert "ISOFIX" in words(said)


async def test_years_after_a_loan_are_its_term(english: Dialogue) -> None:
    await english.says("finance for the shanyu", "ask_finance", SHANYU)
    said = await english.says("over 5 years", "ask_warranty")
    assert "60 months" in words(said)


async def test_the_car_before_that(english: Dialogue) -> None:
    await english.says("tell me about the shanyu", "ask_config", SHANYU)
    await english.says("and the qinglan", "ask_config", QINGLAN)
    said = await english.says("no i mean the one before that", "nlu_fallback")
    assert "Shanyu" in words(said)


async def test_a_name_that_sounds_like_thanks(english: Dialogue) -> None:
    await english.says("test drive the shanyu on friday at 3 pm", "book_test_drive", SHANYU)
    await english.says("Priya", "thank")
    assert english.slots["customer_name"] == "Priya"
    await english.says("13611112222", "inform")
    await english.says("Lovely", "thank")
    assert english.slots["customer_name"] == "Priya"


async def test_how_many_fit_in(english: Dialogue) -> None:
    await english.says("tell me about the shanyu", "ask_config", SHANYU)
    said = await english.says("can 5 adults fit in it", "ask_config")
    assert "5 seats" in words(said)


async def test_a_reproach_to_all_of_us_is_a_complaint(
    english: Dialogue, services: Services
) -> None:
    await english.says("you are all crooks", "complaint")
    assert len(await rows(services, Complaint)) == 1
