-- Sends what a plan says: wrk -s plan.lua URL -- PLAN. The plan is a file of Lua that gives one list of requests for each thread.
-- With one request, that; with `follow`, one after the other, each after the answer to the last, `{id}` in a path being
-- the first id in the last answer that had one; else any of them, at random.

local threads = 0

function setup(thread)
   thread:set("number", threads)
   threads = threads + 1
end

function init(arguments)
   local plan = dofile(arguments[1])
   local steps = plan[number % #plan + 1]
   if #steps == 1 and not plan.follow then
      local step = steps[1]
      wrk.method, wrk.path, wrk.body = step.method, step.path, step.body
      for name, value in pairs(step.headers) do wrk.headers[name] = value end
   elseif plan.follow then
      follow(steps)
   else
      local made = {}
      for index, step in ipairs(steps) do made[index] = wrk.format(step.method, step.path, step.headers, step.body) end
      math.randomseed(number + 1)
      request = function() return made[math.random(#made)] end
   end
end

function follow(steps)
   local current, id = 1, ""
   request = function()
      local step = steps[current]
      return wrk.format(step.method, (step.path:gsub("{id}", id)), step.headers, step.body)
   end
   response = function(status, headers, body)
      local active = body:match('"active_backfill_id":"([^"]*)"')
      if active and #steps > 1 then
         -- The round before ended between two steps: what it left is met again.
         id, current = active, 2
         return
      elseif status >= 400 then
         current = 1
         return
      end
      if steps[current].givesID then id = body:match('"id":"([^"]*)"') or id end
      current = current % #steps + 1
   end
end

function done(summary, latency, requests)
   local failed = summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.write
      + summary.errors.timeout
   io.write(string.format("RESULT %d %d %d %d %d\n", summary.requests, summary.duration, latency:percentile(50),
      latency:percentile(99), failed))
end
