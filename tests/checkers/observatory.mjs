// Judges answers by the rules of @mdn/mdn-http-observatory, without any network: what its own
// retriever would have fetched comes as JSON on stdin, one list of
// {host, headers: [[name, value]…], body, cookies: [set-cookie…], redirects: [address…]}.
// Prints a list of {grade, score, failed: [rule…]}.
import fs from "node:fs"
import { createRequire } from "node:module"
import { pathToFileURL } from "node:url"

const [, , folder] = process.argv
const from = `${folder}/@mdn/mdn-http-observatory/src`
// Browsers' preload list is downloaded by a command of the package; no host here is on it.
const readFileSync = fs.readFileSync
fs.readFileSync = (path, ...rest) =>
  String(path).endsWith("hsts-preload.json") ? "{}" : readFileSync(path, ...rest)

const load = (path) => import(pathToFileURL(path))
const { ALL_TESTS } = await load(`${from}/constants.js`)
const { MINIMUM_SCORE_FOR_EXTRA_CREDIT } = await load(`${from}/grader/charts.js`)
const { getGradeForScore, getScoreModifier } = await load(`${from}/grader/grader.js`)
const { parseHttpEquivHeaders } = await load(`${from}/retriever/utils.js`)
const { Requests } = await load(`${from}/types.js`)
const require = createRequire(`${from}/`)
const { CookieJar } = require("tough-cookie")
const { AxiosHeaders } = await load(require.resolve("axios").replace("dist/node/axios.cjs", "index.js"))

function requestsOf({ host, headers, body, cookies, redirects }) {
  const requests = new Requests(host)
  const response = { headers: new AxiosHeaders(), status: 200, verified: true, data: body }
  for (const [name, value] of headers) response.headers.set(name, value)
  if (cookies.length) response.headers.set("set-cookie", cookies)
  response.httpEquiv = parseHttpEquivHeaders(body, `https://${host}/`)
  response.request = { headers: new AxiosHeaders() }
  response.config = { headers: new AxiosHeaders() }
  const jar = new CookieJar()
  for (const cookie of cookies) jar.setCookieSync(cookie, `https://${host}/`)
  requests.session = { jar, url: new URL(`https://${host}/`) }
  requests.resources.path = body
  Object.assign(requests.responses, {
    auto: response, cors: response, http: response, https: response,
    httpRedirects: redirects.map((address) => ({ url: new URL(address), status: 301 })),
    httpsRedirects: [],
  })
  return requests
}

// As the package's scanner adds up; it does so only for what it has fetched itself.
function judged(answer) {
  const results = ALL_TESTS.map((test) => test(requestsOf(answer)))
  const modifiers = results.map(({ result }) => getScoreModifier(result))
  const base = modifiers.reduce((sum, modifier) => sum + Math.min(modifier, 0), 100)
  const full = modifiers.reduce((sum, modifier) => sum + modifier, 100)
  const { grade, score } = getGradeForScore(base >= MINIMUM_SCORE_FOR_EXTRA_CREDIT ? full : base)
  const failed = results.filter(({ pass }) => !pass).map(({ result }) => result)
  return { grade, score, failed, results: results.map(({ result }) => result) }
}

console.log(JSON.stringify(JSON.parse(readFileSync(0, "utf8")).map(judged)))
