import { brief, lacks, type Sign } from "../sign.ts";

const nameIn = (message: string) =>
  /Access to model (\S+) is restricted|huggingface\.co\/(?:api\/models\/)?([\w.-]+\/[\w.-]+)/
    .exec(message)
    ?.slice(1)
    .find(Boolean);
const named = (name: string | undefined) => (name === undefined ? "the model" : `the model ${name.replace(/\.$/, "")}`);

const refusedToken = lacks(
  "Hugging Face refuses the token",
  "set HF_TOKEN to a token that is still valid (huggingface.co/settings/tokens)",
);

/** The words of huggingface_hub's errors.py and transformers' hub.py. */
export const HUB_SIGNS: Sign[] = [
  {
    pattern: /[Yy]our request to access (?:model )?(\S+) (?:is awaiting|has been rejected)[^\n]*/,
    explain: ([words, model]) =>
      words.includes("awaiting")
        ? lacks(`${named(model)} is gated, and its owners have not allowed access yet`, "wait until they do")
        : lacks(`${named(model)} is gated, and its owners refused access`, "take another model, or ask them"),
  },
  {
    pattern:
      /GatedRepoError|Cannot access gated repo|trying to access a gated repo|Access to model \S+ is restricted|model \S+ is gated/,
    explain: (_, { message }) =>
      lacks(
        `${named(nameIn(message))} is gated, and no token that may read it was given`,
        "accept its licence on huggingface.co and set HF_TOKEN to a token of the same account",
      ),
  },
  {
    pattern: /Invalid (?:credentials in Authorization header|user token)/,
    explain: () => refusedToken,
  },
  {
    pattern: /429 (?:Client Error|Too Many Requests)|rate limit[^\n]{0,300}huggingface/i,
    explain: () =>
      lacks(
        "Hugging Face turns away so many requests",
        "set HF_TOKEN, wait, or download the model beforehand (hf download)",
      ),
  },
  {
    pattern: /LocalEntryNotFoundError: Cannot find [^\n]{0,300}outgoing traffic has been disabled|OfflineModeIsEnabled/,
    explain: () =>
      lacks(
        "the model is neither a folder here nor in the Hugging Face cache, and downloads are switched off",
        "check the model's name, download it beforehand (hf download), or unset HF_HUB_OFFLINE",
      ),
  },
  {
    pattern: /CacheNotFound: Cache directory not found: (\S+?)\.?(?:\s|$)/,
    explain: ([, folder]) =>
      lacks(`the Hugging Face cache ${folder} is not there`, "point HF_HOME to a folder that is, or make it"),
  },
  {
    pattern: /RevisionNotFoundError|is not a valid git identifier/,
    explain: () =>
      lacks(
        "the model has no such revision",
        "check --revision in --engine-args against the model's page on huggingface.co",
      ),
  },
  {
    // The Hub adds "Invalid username or password" for every name that it does not know.
    pattern:
      /(?:RepositoryNotFoundError[^\n]{0,300}\n)?Repository Not Found for url|RepositoryNotFoundError|is not a local folder and is not a valid model identifier|Invalid repository ID or local directory specified|HFValidationError|Repo id must/,
    explain: (_, { message }) =>
      lacks(
        `${named(nameIn(message))} was not found: no folder here and no model that this account may see`,
        "check --model; for a private model set HF_TOKEN",
      ),
  },
];

/** For the end: an engine goes on without some files, and a download that was tried again may have gone well. */
export const REACH_SIGNS: Sign[] = [
  {
    pattern: /Invalid username or password/,
    explain: () => refusedToken,
  },
  {
    pattern: /LocalTokenNotFoundError|Token is required \(/,
    explain: () =>
      lacks("Hugging Face wants a token, and none was given", "set HF_TOKEN to one (huggingface.co/settings/tokens)"),
  },
  {
    pattern:
      /(?:EntryNotFoundError[^\n]{0,300}\n)?Entry Not Found for url: \S{0,200}?\/resolve\/[^/\s]+\/(\S{1,200}?)\.?(?:\s|$)/,
    vague: true,
    explain: ([, file], { message }) =>
      lacks(
        `${named(nameIn(message))} has no file ${file}`,
        "check --model and --revision; for weights of another kind, as GGUF or LoRA, see the engine's page about them",
      ),
  },
  {
    pattern: /CERTIFICATE_VERIFY_FAILED|SSLCertVerificationError|certificate verify failed/i,
    explain: () =>
      lacks(
        "the certificate of the server, or of a proxy in between, is not trusted here",
        "put the proxy's certificate into a file, and set SSL_CERT_FILE and REQUESTS_CA_BUNDLE to it; or download the model beforehand (hf download)",
      ),
  },
  {
    pattern: /HarmonyError: error downloading or loading vocab file/,
    explain: () =>
      lacks(
        "the engine could not download the vocabulary of gpt-oss",
        "check network and proxy (HTTPS_PROXY), or download it beforehand and set TIKTOKEN_ENCODINGS_BASE",
      ),
  },
  {
    pattern:
      /[Cc]ouldn't connect to ['"]?https:\/\/huggingface\.co|LocalEntryNotFoundError|(?:ConnectionError|ConnectTimeout|ReadTimeout|SSLError|ProxyError|MaxRetryError|NameResolutionError|ConnectError)[^\n]{0,300}(?:huggingface\.co|hf\.co)|(?:huggingface\.co|hf\.co)[^\n]{0,300}(?:Max retries exceeded|timed out|Failed to (?:resolve|establish))|CAS service error/,
    explain: () =>
      lacks(
        "the model is not in the Hugging Face cache, and huggingface.co could not be reached",
        "check network and proxy (HTTPS_PROXY), or download the model beforehand (hf download)",
      ),
  },
  {
    pattern: /\[Errno -[235]\] [^\n]*|Temporary failure in name resolution|Name or service not known/,
    explain: ([words]) =>
      lacks(
        `a name could not be resolved (“${brief(words)}”)`,
        "check the network; for this machine's own name add it to /etc/hosts, or set VLLM_HOST_IP",
      ),
  },
];
