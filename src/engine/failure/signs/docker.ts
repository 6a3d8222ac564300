import { brief, type Diagnosis, lacks, type Sign } from "../sign.ts";

const missing = (cause: string, fix: string): Diagnosis => ({ reason: "image_missing", cause, fix });

/** Words of Docker, its registries, and Linux about an image. */
export const DOCKER_SIGNS: Sign[] = [
  {
    pattern: /toomanyrequests|reached your (?:unauthenticated )?pull rate limit/,
    explain: () =>
      missing("the registry turns away so many downloads", "log in (docker login), wait, or pull the image beforehand"),
  },
  {
    pattern: /no matching manifest for (\S+)/,
    explain: ([, platform]) =>
      missing(`there is no such image for this machine's processor (${platform})`, "take a tag that has one"),
  },
  {
    pattern:
      /manifest (?:for \S+ )?(?:not found|unknown)|pull access denied for \S+|No such image|(?:Head|Get) "[^"\n]*\/manifests\/[^"\n]*": \S+|requested access to the resource is denied/,
    explain: ([words]) =>
      missing(
        `the registry does not give the image (“${brief(words)}”)`,
        "check the image's name and tag; for a private one log in first (docker login)",
      ),
  },
  {
    pattern: /exec format error/i,
    explain: () =>
      lacks("the image or program was built for another processor", "take the image of this machine's (uname -m)"),
  },
  {
    pattern: /permission denied while trying to connect to the [Dd]ocker/,
    explain: () =>
      lacks("this user may not use Docker", "put them into the group docker (usermod -aG docker), and log in anew"),
  },
  {
    pattern: /Cannot connect to the Docker daemon|failed to connect to the docker API/i,
    explain: () => lacks("Docker does not run", "start it (systemctl start docker), and check DOCKER_HOST"),
  },
];
