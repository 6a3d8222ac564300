import { answerOf, bodyOf, refusalOf } from "../model/answers.ts";
import { get } from "../model/ask.ts";
import { type Case, Deviation } from "../model/case.ts";
import { casesOf } from "../model/define.ts";

const of = casesOf("models");
const LIST = get("/v1/models");

/** The list of models. */
export const MODELS: readonly Case[] = [
  of("models.list", "must", "GET /v1/models lists models", {
    asks: [LIST],
    check: ([answer]) => {
      const body = bodyOf(answer);
      body.at("object").is("list");
      if (body.at("data").list().length === 0) body.at("data").wrong("must name a model");
    },
  }),
  of("models.id", "must", "each model has an id", {
    asks: [LIST],
    check: ([answer]) => {
      for (const model of bodyOf(answer).at("data").list()) model.at("id").filledText();
    },
  }),
  of("models.object", "should", "each entry is a model object", {
    asks: [LIST],
    check: ([answer]) => {
      for (const model of bodyOf(answer).at("data").list()) model.at("object").is("model");
    },
  }),
  of("models.created", "should", "each model says when it was made, in seconds", {
    asks: [LIST],
    check: ([answer]) => {
      for (const model of bodyOf(answer).at("data").list()) model.at("created").integer();
    },
  }),
  of("models.owner", "should", "each model has an owner", {
    asks: [LIST],
    check: ([answer]) => {
      for (const model of bodyOf(answer).at("data").list()) model.at("owned_by").text();
    },
  }),
  of("models.served", "should", "the model that is asked for is listed", {
    asks: [LIST],
    check: ([answer], { model }) => {
      const data = bodyOf(answer).at("data");
      if (!data.list().some((one) => one.at("id").value === model)) data.wrong(`must list “${model}”`);
    },
  }),
  of("models.retrieve", "should", "GET /v1/models/{model} tells of the model", {
    needs: ["models.retrieve"],
    asks: [get("/v1/models/{model}")],
    check: ([answer], { model }) => bodyOf(answer).at("id").is(model),
  }),
  of("models.method", "should", "POST to the list of models is refused", {
    asks: [{ method: "POST", path: "/v1/models", body: {} }],
    check: ([answer]) => {
      const { status } = answerOf(answer);
      if (status !== 404 && status !== 405) throw new Deviation(`must be HTTP 405 or 404, but the status is ${status}`);
    },
  }),
  of("models.unknown", "should", "GET of a model that is not there is refused with 404", {
    asks: [get("/v1/models/no-such-model")],
    check: ([answer]) => void refusalOf(answer, 404),
  }),
];
