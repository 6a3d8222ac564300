import type { SampleParts } from "./raw-sample.ts";

/*
 * Questions of our own that any model of some size answers nearly all of: they show that a served model answers at all and in
 * its right mind (weights, template, tokenizer, quantisation), and nothing about how good it is. No benchmark.
 */

const NUMBER = "Answer with the number only.";
const WORD = "Answer with one word only.";
const RESULT = "Answer with the result only.";

const sums: [string, number][] = [
  ["What is 7 + 5?", 12],
  ["What is 23 + 19?", 42],
  ["What is 100 - 37?", 63],
  ["What is 81 - 18?", 63],
  ["What is 6 × 7?", 42],
  ["What is 12 × 12?", 144],
  ["What is 9 × 8?", 72],
  ["What is 96 ÷ 8?", 12],
  ["What is 45 ÷ 5?", 9],
  ["What is 2 to the power of 5?", 32],
  ["What is half of 250?", 125],
  ["What is 10 % of 90?", 9],
  ["What is the next number: 2, 4, 6, 8?", 10],
  ["What is the next number: 1, 4, 9, 16?", 25],
  ["Tom has 3 apples, buys 5 and eats 2. How many has he now?", 6],
  ["A box holds 6 eggs. How many eggs are in 4 boxes?", 24],
  ["A train leaves at 9 o'clock and travels 3 hours. At which hour does it arrive?", 12],
  ["How many minutes are in two hours?", 120],
  ["How many days are in a week?", 7],
  ["How many months are in a year?", 12],
  ["How many sides has a triangle?", 3],
  ["How many legs has a spider?", 8],
  ["Which number is larger, 0.9 or 0.11?", 0.9],
  ["What is the smallest of 14, 9, 21 and 11?", 9],
];

const words: [string, string, ...string[]][] = [
  ["What is the capital of France?", "Paris"],
  ["What is the capital of Japan?", "Tokyo"],
  ["What is the capital of Italy?", "Rome"],
  ["What is the opposite of “hot”?", "cold"],
  ["What is the opposite of “up”?", "down"],
  ["What is the plural of “mouse”, the animal?", "mice"],
  ["What is the past tense of “go”?", "went"],
  ["Which day comes after Monday?", "Tuesday"],
  ["Which month comes before May?", "April"],
  ["Which planet do people live on?", "Earth", "the Earth"],
  ["What is frozen water called?", "ice"],
  ["Which animal says “meow”?", "cat", "a cat", "the cat", "cats"],
  ["What colour is a ripe banana?", "yellow"],
  ["What is the French word for “yes”?", "oui"],
  ["What is the German word for “water”?", "Wasser"],
];

const letters: [string, string, ...string[]][] = [
  ["Which letter stands between “p” and “r” in the alphabet?", "q"],
  ["Write the word “stop” backwards.", "pots"],
  ["Which letter comes after “f” in the alphabet?", "g"],
  ["What is the first letter of “window”?", "w"],
  ["What is the last letter of “garden”?", "n"],
  ["Join “sun” and “flower” to one word.", "sunflower"],
  ["Write “open source” without the space.", "opensource"],
  ["Replace every “a” in “banana” by “o”.", "bonono"],
  ["Write the number twenty-one in digits.", "21"],
];

/** The right choice and its place; the others around it. */
const choices: [string, number, string[]][] = [
  ["Which of these is a mammal?", 2, ["trout", "eagle", "whale", "frog"]],
  ["Which of these is a fruit?", 0, ["apple", "carrot", "potato", "onion"]],
  ["Which of these is a prime number?", 3, ["8", "9", "15", "13"]],
  ["Which of these is an even number?", 1, ["7", "18", "23", "31"]],
  ["Which of these is the largest?", 2, ["a cat", "a mouse", "an elephant", "a dog"]],
  ["Which of these is a metal?", 0, ["iron", "wood", "glass", "cotton"]],
  ["Which gas do people need to breathe?", 3, ["helium", "neon", "methane", "oxygen"]],
  ["Which of these is used to cut paper?", 1, ["a spoon", "scissors", "a cup", "a pillow"]],
  ["At which temperature does water freeze at sea level?", 0, ["0 °C", "50 °C", "100 °C", "-40 °C"]],
  ["Which continent is Egypt in?", 1, ["Asia", "Africa", "Europe", "Australia"]],
  ["Who wrote “Romeo and Juliet”?", 2, ["Mark Twain", "Jane Austen", "William Shakespeare", "Homer"]],
  ["What does a thermometer measure?", 3, ["weight", "distance", "time", "temperature"]],
  ["Which of these is a verb?", 0, ["to run", "blue", "table", "quickly"]],
  ["Which word is spelt correctly?", 1, ["recieve", "receive", "receeve", "riceive"]],
  ["Which sentence is a question?", 2, ["It rains.", "Close the door!", "Where are you?", "I like tea."]],
  [
    "All cats are animals. Tom is a cat. What follows?",
    0,
    ["Tom is an animal.", "Tom is a dog.", "All animals are cats.", "Nothing is a cat."],
  ],
  [
    "Anna is older than Ben. Ben is older than Carl. Who is the youngest?",
    3,
    ["Anna", "Ben", "all are equally old", "Carl"],
  ],
  ["It is 3 o'clock. What time is it in two hours?", 1, ["1 o'clock", "5 o'clock", "6 o'clock", "3 o'clock"]],
  ["Which of these is the odd one out?", 3, ["red", "green", "blue", "chair"]],
  ["What is the result of 3 + 4 × 2?", 0, ["11", "14", "9", "24"]],
  ["Which fraction is the same as 0.5?", 2, ["1/3", "1/4", "1/2", "1/5"]],
  ["In which direction does the sun rise?", 1, ["west", "east", "north", "south"]],
  ["Which of these lives in water?", 3, ["a camel", "a hawk", "a goat", "a shark"]],
  ['What does the Python expression len("abcd") give?', 2, ["3", "5", "4", "an error"]],
];

const short = ([question, ...answers]: [string, ...string[]], form: string): SampleParts => ({
  question: `${question} ${form}`,
  choices: [],
  answers,
});

/** The task `smoke`. */
export const SMOKE: readonly SampleParts[] = [
  ...sums.map(([question, answer]) => short([question, String(answer)], NUMBER)),
  ...words.map((one) => short(one, WORD)),
  ...letters.map((one) => short(one, RESULT)),
  ...choices.map(([question, rightChoice, all]) => ({ question, choices: all, rightChoice, answers: [] })),
];

/** Capital letters do not count: what is asked for is not how it is written. */
export const SMOKE_MATCHING = { strip: true, caseInsensitive: true };
