-- For wrk: sends the requests of a file over and over, beginning anywhere, and prints what came
-- of it as one line of JSON. A line of the file is METHOD, PATH, BODY and headers, divided by tabs.
local requests, at = {}, 0

function init(arguments)
  for line in io.lines(arguments[1]) do
    local fields = {}
    for field in (line .. "\t"):gmatch("(.-)\t") do fields[#fields + 1] = field end
    local headers = {}
    for n = 4, #fields do
      local name, value = fields[n]:match("^(.-): (.*)$")
      headers[name] = value
    end
    local body = fields[3] ~= "" and fields[3] or nil
    requests[#requests + 1] = wrk.format(fields[1], fields[2], headers, body)
  end
  math.randomseed(os.time() + tonumber(tostring(requests):match("0x(%x+)"), 16) % 100000)
  at = math.random(#requests)
end

function request()
  at = at % #requests + 1
  return requests[at]
end

function done(summary, latency)
  local errors = summary.errors
  print(string.format(
    '{"answers":%d,"micros":%d,"p50":%d,"p99":%d,"refused":%d,"broken":%d}',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
